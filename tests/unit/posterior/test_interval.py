import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visage.posterior.interval import fit_interval, spread


def test_half_width_is_the_finite_sample_quantile():
    residuals = np.array([3.0, -1.0, 2.0, -5.0, 4.0, 9.0, -8.0, 7.0, -6.0])
    assert fit_interval(residuals, coverage=0.5).half_width_years == 5.0  # ceil(10 * 0.5) = 5th


def test_a_whole_rank_is_not_pushed_up_by_rounding():
    residuals = np.arange(1.0, 100.0)  # 100 * 0.07 = 7.000000000000001
    assert fit_interval(residuals, coverage=0.07).half_width_years == 7.0


def test_too_few_images_promise_only_what_they_can():
    interval = fit_interval(np.array([1.0, -2.0, 0.5]), coverage=0.9)
    assert (interval.half_width_years, interval.coverage) == (2.0, 0.75)


@given(st.floats(0.05, 0.95), st.integers(1, 50))
def test_at_least_the_promised_share_of_the_sample_itself_is_held(coverage, n):
    residuals = np.random.default_rng(n).normal(size=n)
    interval = fit_interval(residuals, coverage=coverage)
    held = np.abs(residuals) <= interval.half_width_years
    assert held.mean() >= interval.coverage - 1e-9


def test_coverage_on_new_images_is_the_promised_one():
    generator = np.random.default_rng(0)
    held = []
    for _ in range(500):  # marginal coverage: over draws of the calibration part
        old, new = generator.standard_t(3, size=(2, 39))
        interval = fit_interval(old, coverage=0.8)  # (39 + 1) * 0.8 = 32, a whole rank: exact
        held.append((np.abs(new) <= interval.half_width_years).mean())
    assert np.mean(held) == pytest.approx(0.8, abs=0.012)


def test_spread_is_the_root_mean_square():
    assert spread(np.array([3.0, -4.0])) == pytest.approx(np.sqrt(12.5))
