"""Against scikit-learn's reliability curve and the calibration error over the same bins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve

from visage.metrics.gender import calibration_error
from visage.metrics.reliability import reliability


@pytest.fixture
def told() -> tuple[np.ndarray, np.ndarray]:
    """Genders and probabilities that are surer than they should be, none in the middle."""
    rng = np.random.default_rng(4)
    probability = rng.beta(0.4, 0.4, 800)
    probability = probability[np.abs(probability - 0.55) > 0.06]
    return (rng.random(len(probability)) < 0.2 + 0.6 * probability).astype(int), probability


def test_shares_are_those_of_scikit_learn(told: tuple[np.ndarray, np.ndarray]) -> None:
    rows = reliability(*told, np.arange(len(told[0])))
    share, mean = calibration_curve(*told, n_bins=10)
    assert [row["share_male"] for row in rows] == pytest.approx(share.tolist())
    assert [row["mean_told"] for row in rows] == pytest.approx(mean.tolist())


def test_gaps_weighed_by_n_are_the_calibration_error(told: tuple[np.ndarray, np.ndarray]) -> None:
    rows = reliability(*told, np.arange(len(told[0])))
    gaps = [row["n"] * abs(row["share_male"] - row["mean_told"]) for row in rows]
    assert sum(gaps) / len(told[0]) == pytest.approx(calibration_error(*told))


def test_bins_without_images_are_left_out(told: tuple[np.ndarray, np.ndarray]) -> None:
    rows = reliability(*told, np.arange(len(told[0])))
    assert 0.5 not in [row["told_from"] for row in rows]
    assert sum(row["n"] for row in rows) == len(told[0])


def test_the_interval_is_the_exact_one() -> None:
    (row,) = reliability(np.array([1, 1, 0, 0, 0]), np.full(5, 0.33), np.arange(5))
    exact = binomtest(2, 5).proportion_ci(0.95, method="exact")
    assert (row["low"], row["high"]) == pytest.approx((exact.low, exact.high))


def test_copies_of_a_photo_do_not_narrow_the_interval() -> None:
    once = reliability(np.array([1, 1, 0, 0, 0]), np.full(5, 0.33), np.arange(5))
    copies = np.repeat(np.arange(5), 3)
    copied = reliability(np.array([1, 1, 0, 0, 0])[copies], np.full(15, 0.33), copies)
    assert (copied[0]["low"], copied[0]["high"]) == pytest.approx((once[0]["low"], once[0]["high"]))


def test_certainty_is_in_the_last_bin() -> None:
    (row,) = reliability(np.array([1]), np.array([1.0]), np.array([0]))
    assert (row["told_from"], row["told_to"], row["n"]) == (0.9, 1.0, 1)


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 999).map(lambda at: (at + 0.5) / 1000)),
        min_size=2,
        max_size=60,
    ).filter(lambda rows: len({gender for gender, _ in rows}) == 2)
)
def test_any_images_have_the_curve_of_scikit_learn(rows: list[tuple[int, float]]) -> None:
    gender, male = np.array(rows).T
    found = reliability(gender, male, np.arange(len(gender)))
    share, mean = calibration_curve(gender, male, n_bins=10)
    assert [row["share_male"] for row in found] == pytest.approx(share.tolist())
    assert [row["mean_told"] for row in found] == pytest.approx(mean.tolist())
    assert sum(row["n"] for row in found) == len(rows)
    assert all(row["low"] <= row["share_male"] <= row["high"] for row in found)
