import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hmean

from visage.metrics.harmonic import harmonic


@pytest.mark.parametrize(
    ("rmse", "f1", "published"),
    [(8.12, 0.940, 0.821), (8.64, 0.918, 0.802), (9.79, 0.879, 0.763)],
)
def test_published_figures_come_out(rmse, f1, published):
    assert harmonic(rmse, f1) == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize(
    ("rmse", "f1", "expected"),
    [(0, 1, 1), (30, 0.9, 0), (45, 0.9, 0), (10, 0, 0), (30, 0, 0), (0, 0, 0)],
)
def test_edges(rmse, f1, expected):
    assert harmonic(rmse, f1) == expected


def test_arrays_are_scored_one_by_one():
    rmse, f1 = np.array([5.0, 12.0]), np.array([0.9, 0.8])
    np.testing.assert_allclose(harmonic(rmse, f1), hmean([1 - rmse / 30, f1]))


@given(st.floats(0, 60), st.floats(0, 1))
def test_it_is_the_harmonic_mean_wherever_both_scores_are_above_zero(rmse, f1):
    score = max(0.0, 1 - rmse / 30)
    expected = hmean([score, f1]) if min(score, f1) > 1e-9 else 0.0
    assert harmonic(rmse, f1) == pytest.approx(expected, abs=1e-8)
