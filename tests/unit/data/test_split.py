"""What holds for every method of splitting, and how `stratified` shares out."""

from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visage.codes import Part
from visage.data.components import components
from visage.data.dealing import EmptyPartError
from visage.data.split import assign_parts
from visage.params.split import Fractions, Kfold, Split
from visage.registry import members, resolve

METHODS = members("visage.data.splits")
FRACTIONS = {"train": 0.6, "validation": 0.1, "calibration": 0.1, "test": 0.2}
EXAMPLES = settings(max_examples=15, deadline=None)


def faces(n: int, *, seed: int = 0, pairs: int = 0) -> pd.DataFrame:
    """Returns n labelled rows; the first `pairs` pairs of rows are near-duplicates."""
    rng = np.random.default_rng(seed)
    group = np.arange(n)
    group[1 : 2 * pairs : 2] = group[0 : 2 * pairs : 2]
    return pd.DataFrame(
        {
            "id": rng.permutation(n).astype(str),
            "source": "made",
            "age": rng.gamma(4, 9, n).clip(0, 100).round().astype(np.float32),
            "gender": rng.integers(0, 2, n).astype(np.int8),
            "group": group,
            "identity": None,
            "official_part": rng.choice(["train", "validation", "test"], n, p=[0.5, 0.3, 0.2]),
        }
    )


def section(**changes: Any) -> Split:
    facts: dict[str, Any] = {
        "method": "stratified",
        "fractions": Fractions(**FRACTIONS),
        "by_identity": True,
        "kfold": Kfold(folds=4, fold=1),
        "age_bin_years": 10,
        "seed": 13,
    }
    return Split(**{**facts, **changes})


def split(labelled: pd.DataFrame, **changes: Any) -> pd.DataFrame:
    params = section(**changes)
    method = resolve("visage.data.splits", params.method, "assign", param="split.method")
    return assign_parts(labelled, method=method, params=params)


def parts_of(labelled: pd.DataFrame, **changes: Any) -> pd.Series:
    return split(labelled, **changes).set_index("id")["part"]


SEEDS = st.integers(0, 2**32 - 1)


def some_faces(seed: int) -> pd.DataFrame:
    """Returns about 250 rows in groups of up to three, some labels and persons unknown."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 4, 125)
    labelled = faces(sum(sizes), seed=seed)
    labelled["age"] = labelled["age"].where(labelled["age"] % 7 != 0)
    labelled["gender"] = labelled["gender"].where(labelled["age"] % 5 != 0)
    people = pd.Series(rng.integers(0, 150, len(labelled))).astype(str)
    identity = people.where(rng.random(len(labelled)) < 0.2, None)
    source = rng.choice(["one", "two"], len(labelled))
    group = np.repeat(np.arange(len(sizes)), sizes)
    return labelled.assign(group=group, identity=identity, source=source)


LABELLED = st.builds(some_faces, SEEDS)  # by a seed: tables of hundreds of rows shrink for minutes


@pytest.mark.parametrize("method", METHODS)
@given(labelled=LABELLED, seed=SEEDS)
@EXAMPLES
def test_every_row_is_in_exactly_one_part(method: str, labelled: pd.DataFrame, seed: int) -> None:
    splits = split(labelled, method=method, seed=seed)
    assert splits["id"].tolist() == labelled["id"].tolist()
    assert set(splits["part"]) == {part.value for part in Part}


@pytest.mark.parametrize("method", [name for name in METHODS if name != "official"])
@pytest.mark.parametrize("by_identity", [True, False])
@given(labelled=LABELLED, seed=SEEDS)
@EXAMPLES
def test_no_component_straddles_parts(
    method: str, by_identity: bool, labelled: pd.DataFrame, seed: int
) -> None:
    part = split(labelled, method=method, by_identity=by_identity, seed=seed)["part"]
    tied = components(labelled, by_identity=by_identity)
    assert part.groupby(tied).nunique().max() == 1
    assert part.groupby(labelled["group"]).nunique().max() == 1


@given(labelled=LABELLED)
@EXAMPLES
def test_with_by_identity_no_person_straddles_parts(labelled: pd.DataFrame) -> None:
    part = split(labelled)["part"]
    assert part.groupby([labelled["source"], labelled["identity"]]).nunique().max() == 1


def test_without_by_identity_people_straddle_parts() -> None:
    labelled = faces(200).assign(identity=[str(row % 20) for row in range(200)])
    part = split(labelled, by_identity=False)["part"]
    assert part.groupby(labelled["identity"]).nunique().min() > 1


@pytest.mark.parametrize("method", METHODS)
@given(labelled=LABELLED, random=st.randoms(use_true_random=False))
@EXAMPLES
def test_order_of_rows_and_numbers_of_groups_change_nothing(
    method: str, labelled: pd.DataFrame, random: Random
) -> None:
    order, names = list(range(len(labelled))), list(range(1000))
    random.shuffle(order)
    random.shuffle(names)
    shuffled = labelled.iloc[order].assign(group=lambda rows: rows["group"].map(names.__getitem__))
    found, expected = (parts_of(rows, method=method) for rows in (shuffled, labelled))
    pd.testing.assert_series_equal(found.sort_index(), expected.sort_index())


@given(labelled=LABELLED, seed=SEEDS)
@EXAMPLES
def test_sizes_miss_their_shares_by_less_than_a_component(
    labelled: pd.DataFrame, seed: int
) -> None:
    sizes = parts_of(labelled, seed=seed).value_counts()
    largest = np.bincount(components(labelled, by_identity=True)).max()
    misses = [abs(sizes[part] - share * len(labelled)) for part, share in FRACTIONS.items()]
    assert max(misses) < largest


def test_single_images_are_shared_out_to_the_image() -> None:
    sizes = parts_of(faces(1000)).value_counts()
    assert sizes.to_dict() == {"train": 600, "test": 200, "validation": 100, "calibration": 100}


def test_every_stratum_is_shared_out_in_proportion() -> None:
    labelled = faces(3000)
    strata = [labelled["age"] // 10, labelled["gender"]]
    counts = pd.crosstab(strata, parts_of(labelled).to_numpy())
    expected = counts.sum(axis=1).to_numpy()[:, None] * [FRACTIONS[part] for part in counts.columns]
    assert np.abs(counts.to_numpy() - expected).max() < 2


def test_rows_with_one_label_are_strata_of_their_own() -> None:
    labelled = faces(3000)
    of_age, of_gender = slice(0, 1000), slice(1000, 2000)
    labelled["gender"] = labelled["gender"].astype("float64")
    labelled.loc[labelled.index[of_age], "gender"] = np.nan
    labelled.loc[labelled.index[of_gender], "age"] = np.nan
    part = parts_of(labelled).to_numpy()
    for rows in (of_age, of_gender):
        counts = pd.Series(part[rows]).value_counts()
        expected = {name: pytest.approx(1000 * share, abs=2) for name, share in FRACTIONS.items()}
        assert counts.to_dict() == expected


def test_pairs_are_shared_out_in_proportion_too() -> None:
    labelled = faces(2000, pairs=300)
    paired = parts_of(labelled).to_numpy()[:600]
    found = {part: int((paired == part).sum()) for part in FRACTIONS}
    assert {part: abs(found[part] - 600 * share) <= 4 for part, share in FRACTIONS.items()} == (
        dict.fromkeys(FRACTIONS, True)
    )


@pytest.mark.parametrize("method", METHODS)
def test_other_seed_gives_another_split(method: str) -> None:
    labelled = faces(200)
    one, two = (parts_of(labelled, method=method, seed=seed) for seed in (1, 2))
    assert not one.equals(two)


def test_ages_and_genders_may_all_be_missing() -> None:
    labelled = faces(100).assign(age=np.float32(np.nan), gender=np.nan)
    assert parts_of(labelled).value_counts()["train"] == 60


def test_shares_of_zero_make_no_part() -> None:
    refit = Fractions(train=0.95, validation=0, calibration=0.05, test=0)
    assert parts_of(faces(200), fractions=refit).value_counts().to_dict() == {
        "train": 190,
        "calibration": 10,
    }


def test_empty_part_is_named_with_the_remedy() -> None:
    with pytest.raises(
        EmptyPartError, match=r"calibration would have no images: 3 labelled images"
    ):
        parts_of(faces(3))


def test_one_group_of_all_images_is_told() -> None:
    with pytest.raises(
        EmptyPartError, match=r"100 labelled images in 1 groups.*near_duplicate_bits"
    ):
        parts_of(faces(100).assign(group=0))


def test_one_person_on_all_images_is_told() -> None:
    with pytest.raises(EmptyPartError, match=r"in 1 groups.*split.by_identity: false"):
        parts_of(faces(100).assign(identity="me"))
