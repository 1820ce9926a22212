"""Sampling weights: each scheme's shares, mean 1, and the histogram before and after."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.utils.class_weight import compute_sample_weight

from visage.data.weights import age_histogram, sampling_weights
from visage.files.tables import write_table
from visage.registry import members, resolve
from visage.schema import AGE_HISTOGRAM


def train_rows(ages: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"id": [str(row) for row in range(len(ages))], "age": np.float32(ages)})


AGES = [1, 2, 3, 4, 5, 5, 12, 99.5]


def weights_of(name: str, ages: list[float] = AGES) -> pd.DataFrame:
    scheme = resolve("visage.data.schemes", name, "weigh", param="weights.scheme")
    return sampling_weights(train_rows(ages), age_bin_years=5, scheme=scheme)


def test_inverse_is_scikit_learns_balanced_weight() -> None:
    expected = compute_sample_weight("balanced", np.floor_divide(AGES, 5))
    np.testing.assert_allclose(weights_of("inverse")["weight"], expected / expected.mean())


def test_square_root_of_the_inverse_lies_between() -> None:
    inverse, half = (weights_of(name)["weight"] for name in ("inverse", "sqrt_inverse"))
    assert half[7] / half[0] == pytest.approx(np.sqrt(inverse[7] / inverse[0]))


def test_none_weighs_all_alike() -> None:
    assert weights_of("none")["weight"].tolist() == [1.0] * len(AGES)


@pytest.mark.parametrize("name", members("visage.data.schemes"))
def test_weights_have_mean_one(name: str) -> None:
    assert weights_of(name)["weight"].mean() == pytest.approx(1)


def test_bins_are_half_open() -> None:
    weight = weights_of("inverse", [4.999, 5, 5.5])["weight"]
    assert weight.tolist() == pytest.approx([1.5, 0.75, 0.75])


def test_rows_without_an_age_form_one_bin() -> None:
    assert weights_of("inverse", [np.nan] * 3)["weight"].tolist() == [1.0] * 3


def test_inverse_gives_every_bin_the_same_share() -> None:
    histogram = age_histogram(train_rows(AGES), weights=weights_of("inverse"), age_bin_years=5)
    shares = histogram.loc[histogram["n"] > 0, "share_after"]
    assert shares.tolist() == pytest.approx([0.25] * 4)


def test_histogram_counts_as_numpy_does_and_lists_empty_bins() -> None:
    histogram = age_histogram(train_rows(AGES), weights=weights_of("none"), age_bin_years=5)
    counts, edges = np.histogram(AGES, bins=np.arange(0, 101, 5))
    assert histogram["n"].tolist() == counts.tolist()
    assert histogram["age_to"].tolist() == edges[1:].tolist()


def test_shares_sum_to_one() -> None:
    histogram = age_histogram(train_rows(AGES), weights=weights_of("inverse"), age_bin_years=5)
    assert histogram[["share_before", "share_after"]].sum().tolist() == pytest.approx([1, 1])


def test_histogram_without_any_age_is_an_empty_table(tmp_path: Path) -> None:
    train = train_rows([np.nan] * 3)
    weights = weights_of("inverse", [np.nan] * 3)
    histogram = age_histogram(train, weights=weights, age_bin_years=5)
    write_table(tmp_path / "histogram.csv", histogram, AGE_HISTOGRAM)
    assert histogram.empty
