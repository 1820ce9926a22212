"""Sampling weights: what holds for every scheme, the cap, and the histogram before and after."""

from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_sample_weight

from visage.data.weights import age_histogram, sampling_weights
from visage.files.tables import write_table
from visage.params.weights import Lds, Weights
from visage.registry import members, resolve
from visage.schema import AGE_HISTOGRAM

SCHEMES = members("visage.data.schemes")
FACES = st.lists(
    st.tuples(
        st.none() | st.floats(0, 100, width=32).map(lambda age: round(age, 1)),
        st.sampled_from([0, 1, None]),
    ),
    min_size=1,
    max_size=60,
)
AGES = [1, 2, 3, 4, 5, 5, 12, 99.5]

Faces = list[tuple[float | None, int | None]]


def train_rows(faces: Faces) -> pd.DataFrame:
    ages, genders = zip(*faces, strict=True)
    rows = {"age": np.float32(np.array(ages, float)), "gender": np.array(genders, float)}
    return pd.DataFrame({"id": [str(row) for row in range(len(faces))], **rows})


def of_age(ages: list[float]) -> pd.DataFrame:
    return train_rows([(age, 0) for age in ages])


def weigh(name: str, train: pd.DataFrame, *, max_ratio: float | None = None) -> pd.DataFrame:
    lds = Lds(kernel_years=5, sigma_years=2.0, power=1.0)
    params = Weights(scheme=name, age_bin_years=5, max_ratio=max_ratio, lds=lds)
    scheme = resolve("visage.data.schemes", name, "weigh", param="weights.scheme")
    return sampling_weights(train, scheme=scheme, params=params)


def weights_of(name: str, ages: list[float] = AGES) -> pd.DataFrame:
    return weigh(name, of_age(ages))


@pytest.mark.parametrize("name", SCHEMES)
@given(faces=FACES)
def test_weights_are_positive_with_mean_one(name: str, faces: Faces) -> None:
    weight = weigh(name, train_rows(faces))["weight"]
    assert (weight > 0).all()
    assert weight.mean() == pytest.approx(1)


@pytest.mark.parametrize("name", SCHEMES)
@given(faces=FACES, random=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_weight(name: str, faces: Faces, random: Random) -> None:
    train = train_rows(faces)
    order = random.sample(range(len(train)), len(train))
    shuffled = weigh(name, train.iloc[order]).set_index("id")["weight"]
    expected = weigh(name, train).set_index("id")["weight"]
    assert shuffled[expected.index].tolist() == pytest.approx(expected.tolist(), rel=1e-12)


@pytest.mark.parametrize("name", SCHEMES)
@given(faces=FACES, max_ratio=st.floats(1, 20))
def test_no_weight_is_above_the_cap_times_another(
    name: str, faces: Faces, max_ratio: float
) -> None:
    weight = weigh(name, train_rows(faces), max_ratio=max_ratio)["weight"]
    assert weight.max() / weight.min() <= max_ratio * (1 + 1e-12)
    assert weight.mean() == pytest.approx(1)


@given(faces=FACES, max_ratio=st.floats(1, 20))
def test_the_cap_keeps_the_ratios_below_it(faces: Faces, max_ratio: float) -> None:
    plain = weigh("inverse", train_rows(faces))["weight"]
    capped = weigh("inverse", train_rows(faces), max_ratio=max_ratio)["weight"]
    expected = np.minimum(plain / plain.min(), max_ratio)
    assert (capped / capped.min()).tolist() == pytest.approx(expected.tolist())


def test_a_cap_of_one_is_no_weighting() -> None:
    assert weigh("inverse", of_age(AGES), max_ratio=1.0)["weight"].tolist() == [1.0] * len(AGES)


@given(faces=FACES)
def test_inverse_gives_every_age_bin_the_same_sum(faces: Faces) -> None:
    train = train_rows(faces)
    sums = weigh("inverse", train)["weight"].groupby(train["age"] // 5, dropna=False).sum()
    assert sums.tolist() == pytest.approx([sums.mean()] * len(sums))


@given(faces=FACES)
def test_joint_gives_every_age_bin_and_gender_the_same_sum(faces: Faces) -> None:
    train = train_rows(faces)
    cells = [train["age"] // 5, train["gender"]]
    sums = weigh("joint", train)["weight"].groupby(cells, dropna=False).sum()
    assert sums.tolist() == pytest.approx([sums.mean()] * len(sums))


def test_joint_without_genders_is_inverse() -> None:
    train = train_rows([(age, None) for age in AGES])
    pd.testing.assert_frame_equal(weigh("joint", train), weigh("inverse", train))


@pytest.mark.parametrize("dtype", ["Int8", "object", "float32"])
def test_an_unknown_gender_may_be_null_in_any_way(dtype: str) -> None:
    train = train_rows([(30, 0), (30, 0), (30, 1), (30, None)])
    expected = weigh("joint", train)
    assert weigh("joint", train.astype({"gender": dtype})).equals(expected)


def test_inverse_is_scikit_learns_balanced_weight() -> None:
    expected = compute_sample_weight("balanced", np.floor_divide(AGES, 5))
    np.testing.assert_allclose(weights_of("inverse")["weight"], expected / expected.mean())


def test_square_root_of_the_inverse_lies_between() -> None:
    inverse, half = (weights_of(name)["weight"] for name in ("inverse", "sqrt_inverse"))
    assert half[7] / half[0] == pytest.approx(np.sqrt(inverse[7] / inverse[0]))


def test_none_weighs_all_alike() -> None:
    assert weights_of("none")["weight"].tolist() == [1.0] * len(AGES)


def test_bins_are_half_open() -> None:
    weight = weights_of("inverse", [4.999, 5, 5.5])["weight"]
    assert weight.tolist() == pytest.approx([1.5, 0.75, 0.75])


def test_rows_without_an_age_form_one_bin() -> None:
    assert weights_of("inverse", [np.nan] * 3)["weight"].tolist() == [1.0] * 3


@pytest.mark.parametrize("name", [name for name in SCHEMES if name != "none"])
def test_a_scheme_that_weighs_all_alike_says_so(
    caplog: pytest.LogCaptureFixture, name: str
) -> None:
    weigh(name, train_rows([(None, 0)] * 3))
    assert f"weights.scheme={name} is without effect" in caplog.text
    assert "no training image has an age" in caplog.text


def test_a_cap_that_leaves_nothing_of_a_scheme_is_said(caplog: pytest.LogCaptureFixture) -> None:
    weigh("inverse", of_age(AGES), max_ratio=1.0)
    assert "without effect: every image is drawn equally often (see weights.age" in caplog.text


def test_nothing_is_said_of_a_scheme_with_an_effect(caplog: pytest.LogCaptureFixture) -> None:
    weigh("inverse", of_age(AGES))
    weigh("none", train_rows([(None, 0)] * 3))
    weigh("joint", train_rows([(None, 0), (None, 0), (None, 1)]))
    assert caplog.text == ""


def test_inverse_gives_every_bin_the_same_share() -> None:
    histogram = age_histogram(of_age(AGES), weights=weights_of("inverse"), age_bin_years=5)
    shares = histogram.loc[histogram["n"] > 0, "share_after"]
    assert shares.tolist() == pytest.approx([0.25] * 4)


def test_histogram_counts_as_numpy_does_and_lists_empty_bins() -> None:
    histogram = age_histogram(of_age(AGES), weights=weights_of("none"), age_bin_years=5)
    counts, edges = np.histogram(AGES, bins=np.arange(0, 101, 5))
    assert histogram["n"].tolist() == counts.tolist()
    assert histogram["age_to"].tolist() == edges[1:].tolist()


def test_shares_sum_to_one() -> None:
    histogram = age_histogram(of_age(AGES), weights=weights_of("inverse"), age_bin_years=5)
    assert histogram[["share_before", "share_after"]].sum().tolist() == pytest.approx([1, 1])


def test_histogram_without_any_age_is_an_empty_table(tmp_path: Path) -> None:
    train = of_age([np.nan] * 3)
    weights = weights_of("inverse", [np.nan] * 3)
    histogram = age_histogram(train, weights=weights, age_bin_years=5)
    write_table(tmp_path / "histogram.csv", histogram, AGE_HISTOGRAM)
    assert histogram.empty
