"""The split: complete, stratified, groups whole, and independent of the order of rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visage.data.split import EmptyPartError, assign_parts, pairs_across_parts, split_metrics
from visage.schema import Part

FRACTIONS = {"train": 0.6, "validation": 0.1, "calibration": 0.1, "test": 0.2}


def faces(n: int, *, seed: int = 0, pairs: int = 0) -> pd.DataFrame:
    """Returns n labelled rows; the first `pairs` pairs of rows are near-duplicates."""
    rng = np.random.default_rng(seed)
    group = np.arange(n)
    group[1 : 2 * pairs : 2] = group[0 : 2 * pairs : 2]
    return pd.DataFrame(
        {
            "id": rng.permutation(n).astype(str),
            "age": rng.gamma(4, 9, n).clip(0, 100).round().astype(np.float32),
            "gender": rng.integers(0, 2, n).astype(np.int8),
            "group": group,
        }
    )


def parts_of(labelled: pd.DataFrame, *, seed: int = 13) -> pd.Series:
    splits = assign_parts(labelled, fractions=FRACTIONS, age_bin_years=10, seed=seed)
    return splits.set_index("id")["part"]


@st.composite
def labelled_faces(draw: st.DrawFn) -> pd.DataFrame:
    """Draws 40 to 250 rows in groups of up to five, some ages and genders unknown."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=40, max_size=50))
    labelled = faces(sum(sizes), seed=draw(st.integers(0, 2**32 - 1)))
    labelled["age"] = labelled["age"].where(labelled["age"] % 7 != 0)
    labelled["gender"] = labelled["gender"].where(labelled["age"] % 5 != 0)
    return labelled.assign(group=np.repeat(np.arange(len(sizes)), sizes))


@given(labelled_faces(), st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_every_row_has_one_part_and_groups_stay_whole(labelled: pd.DataFrame, seed: int) -> None:
    splits = assign_parts(labelled, fractions=FRACTIONS, age_bin_years=10, seed=seed)
    assert splits["id"].tolist() == labelled["id"].tolist()
    assert set(splits["part"]) == {part.value for part in Part}
    assert splits["part"].groupby(labelled["group"]).nunique().max() == 1


@given(labelled_faces(), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_order_of_rows_and_numbers_of_groups_change_nothing(
    labelled: pd.DataFrame, random: object
) -> None:
    order, names = list(range(len(labelled))), list(range(1000))
    random.shuffle(order)
    random.shuffle(names)
    shuffled = labelled.iloc[order].assign(group=lambda rows: rows["group"].map(names.__getitem__))
    pd.testing.assert_series_equal(parts_of(shuffled).sort_index(), parts_of(labelled).sort_index())


@given(labelled_faces(), st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_sizes_miss_their_shares_by_less_than_a_group(labelled: pd.DataFrame, seed: int) -> None:
    sizes = parts_of(labelled, seed=seed).value_counts()
    largest = labelled["group"].value_counts().max()
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


def test_pairs_are_shared_out_in_proportion_too() -> None:
    labelled = faces(2000, pairs=300)
    paired = parts_of(labelled).to_numpy()[:600]
    found = {part: int((paired == part).sum()) for part in FRACTIONS}
    assert {part: abs(found[part] - 600 * share) <= 4 for part, share in FRACTIONS.items()} == (
        dict.fromkeys(FRACTIONS, True)
    )


def test_other_seed_gives_another_split() -> None:
    labelled = faces(200)
    assert not parts_of(labelled, seed=1).equals(parts_of(labelled, seed=2))


def test_ages_and_genders_may_all_be_missing() -> None:
    labelled = faces(100).assign(age=np.float32(np.nan), gender=np.nan)
    assert parts_of(labelled).value_counts()["train"] == 60


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


def test_metrics_count_parts_bins_and_genders() -> None:
    labelled = pd.DataFrame(
        {"id": list("abcd"), "age": [5, 9.9, 10, np.nan], "gender": [0, 1, 1, 1], "group": range(4)}
    )
    splits = pd.DataFrame({"id": list("abcd"), "part": ["train", "train", "train", "test"]})
    found = split_metrics(labelled, splits=splits, age_bin_years=10, seed=13)
    assert found["near_duplicate_pairs_across_parts"] == 0
    assert found["seed"] == 13
    assert found["parts"]["train"] == {
        "n": 3,
        "by_age": {"00-09": {"female": 1, "male": 1}, "10-19": {"female": 0, "male": 1}},
    }
    assert found["parts"]["test"] == {"n": 1, "by_age": {}}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(list(FRACTIONS))), min_size=1, max_size=20
    )
)
def test_pairs_across_parts_are_those_of_the_plain_double_loop(rows: list[tuple[int, str]]) -> None:
    expected = sum(
        first[0] == second[0] and first[1] != second[1]
        for position, first in enumerate(rows)
        for second in rows[position + 1 :]
    )
    assert pairs_across_parts(pd.DataFrame(rows, columns=["group", "part"])) == expected
