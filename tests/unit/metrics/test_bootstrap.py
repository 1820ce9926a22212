import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm, t

from visage.metrics.averages import average
from visage.metrics.bootstrap import (
    ERROR,
    SCORE,
    SHARE,
    Scale,
    few,
    interval,
    quantiles,
    resample_weights,
    resampled,
)


def mean_of(values):
    return lambda weights: {"mean": average(values, weights)}


ANYWHERE = Scale()


def of_mean(values, group, *, seed=0, resamples=2000, level=0.95):
    (draws,) = resampled([mean_of(values)], group, resamples=resamples, seed=seed)
    n = len(np.unique(group))
    return ends(values.mean(), draws["mean"], n=n, level=level)


def ends(value, draws, *, n=100, level=0.95, scale=ANYWHERE):
    return interval(value, np.array(draws), n_groups=n, n_effective=n, level=level, scale=scale)


def width(found):
    return found[1] - found[0]


def test_each_resample_draws_as_many_groups_as_there_are():
    (weights,) = resample_weights(np.arange(50), resamples=7, seed=0)
    assert weights.shape == (7, 50)
    assert (weights.sum(axis=1) == 50).all()


def test_near_duplicates_are_drawn_together():
    (weights,) = resample_weights(np.array([7, 3, 7, 3, 9]), resamples=100, seed=0)
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, 1] == weights[:, 3]).all()


def test_blocks_hold_all_resamples(monkeypatch):
    monkeypatch.setattr("visage.metrics.bootstrap._BLOCK", 100)
    blocks = list(resample_weights(np.arange(30), resamples=10, seed=0))
    assert [len(block) for block in blocks] == [3, 3, 3, 1]


def test_interval_of_a_mean_is_the_closed_form_one():
    values = np.random.default_rng(0).normal(5, 3, 2000)
    half = norm.ppf(0.975) * values.std() / np.sqrt(len(values))
    expected = values.mean() - half, values.mean() + half
    np.testing.assert_allclose(of_mean(values, np.arange(2000)), expected, atol=0.06 * half)


def test_interval_holds_the_true_mean_about_as_often_as_it_says():
    generator = np.random.default_rng(1)
    held = []
    for seed in range(300):
        values = generator.normal(0, 1, 60)
        low, high = of_mean(values, np.arange(60), seed=seed, resamples=300, level=0.9)
        held.append(low <= 0 <= high)
    assert np.mean(held) == pytest.approx(0.9, abs=0.05)  # three standard errors


def test_copies_of_a_photo_make_no_interval_narrower():
    values = np.random.default_rng(2).normal(0, 1, 300)
    copied, group = np.repeat(values, 4), np.repeat(np.arange(300), 4)
    by_group = width(of_mean(copied, group))
    assert by_group == pytest.approx(width(of_mean(values, np.arange(300))), rel=0.1)
    assert by_group == pytest.approx(2 * width(of_mean(copied, np.arange(1200))), rel=0.1)


def test_equal_seeds_give_equal_intervals():
    values = np.random.default_rng(3).normal(0, 1, 50)
    assert of_mean(values, np.arange(50), seed=4) == of_mean(values, np.arange(50), seed=4)
    assert of_mean(values, np.arange(50), seed=4) != of_mean(values, np.arange(50), seed=5)


def test_few_groups_have_the_interval_of_a_t_test():
    values = norm.ppf((np.arange(12) + 0.5) / 12)
    found = of_mean(values, np.arange(12), resamples=40_000)
    expected = t.interval(0.95, 11, loc=values.mean(), scale=values.std(ddof=1) / np.sqrt(12))
    assert found == pytest.approx(expected, abs=0.03 * width(expected))


def test_a_single_group_has_no_interval():
    assert of_mean(np.array([1.0, 3.0]), np.zeros(2)) is None


def test_resamples_without_the_figure_are_left_out():
    draws = np.random.default_rng(7).normal(5, 1, 2000)
    some = np.where(np.arange(2000) % 50 == 0, np.nan, draws)
    assert ends(5.0, some) == ends(5.0, some[~np.isnan(some)])


@pytest.mark.parametrize(("n_missing", "there"), [(100, True), (101, False)])
def test_more_resamples_without_the_figure_than_lie_outside_leave_no_interval(n_missing, there):
    draws = np.random.default_rng(7).normal(5, 1, 2000)
    draws[:n_missing] = np.nan
    assert (ends(5.0, draws) is not None) is there


@pytest.mark.parametrize(("share", "held"), [(0.0, 0), (1.0, 12)])
def test_a_share_that_no_resample_changes_has_the_exact_interval(share, held):
    exact = binomtest(held, 12).proportion_ci(0.95, method="exact")
    found = ends(share, np.full(50, share), n=12, scale=SHARE)
    assert found == pytest.approx((exact.low, exact.high))


@pytest.mark.parametrize(("value", "scale"), [(1.0, SCORE), (0.0, ERROR)])
def test_another_figure_that_stays_at_its_scales_end_has_no_interval(value, scale):
    assert ends(value, np.full(50, value), scale=scale) is None


def test_a_figure_that_is_the_same_on_all_resamples_within_its_scale_is_certain():
    assert ends(2.0, np.full(50, 2.0), scale=ERROR) == (2.0, 2.0)


def test_no_interval_leaves_the_scale():
    draws = np.random.default_rng(8).uniform(0.9, 1.0, 500)
    assert ends(0.97, draws, n=5, scale=SCORE)[1] == 1.0


groups = st.lists(st.integers(0, 6), min_size=1, max_size=25).map(np.array)


@given(groups, st.integers(0, 1000))
def test_any_resample_draws_whole_groups_as_many_as_there_are(group, seed):
    (weights,) = resample_weights(group, resamples=5, seed=seed)
    first = np.unique(group, return_index=True)[1]
    assert (weights[:, first].sum(axis=1) == len(first)).all()
    assert all(
        (weights[:, group == one][:, 0] == weights[:, group == one].T).all() for one in group
    )


@given(groups, st.integers(0, 1000))
def test_a_resampled_figure_is_that_of_images_drawn_one_by_one(group, seed):
    values = np.random.default_rng(seed).normal(5, 3, len(group))
    (draws,) = resampled([mean_of(values)], group, resamples=6, seed=seed)
    (weights,) = resample_weights(group, resamples=6, seed=seed)
    expected = [np.repeat(values, row.astype(int)).mean() for row in weights]
    assert draws["mean"] == pytest.approx(np.array(expected))


def test_figures_that_are_measured_together_have_the_draws_that_they_have_alone():
    first, second = np.random.default_rng(5).normal(0, 1, (2, 40))
    both = resampled([mean_of(first), mean_of(second)], np.arange(40), resamples=50, seed=2)
    alone = [resampled([mean_of(v)], np.arange(40), resamples=50, seed=2) for v in (first, second)]
    for found, (expected,) in zip(both, alone, strict=True):
        assert (found["mean"] == expected["mean"]).all()


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=50), st.floats(0.5, 0.99))
def test_the_quantiles_leave_the_rest_outside_by_halves(draws, level):
    low, high = quantiles(np.array(draws), level=level)
    outside = [sum(one < low - 1e-9 for one in draws), sum(one > high + 1e-9 for one in draws)]
    assert max(outside) <= (1 - level) / 2 * len(draws) + 1
    wider = quantiles(np.array(draws), level=(1 + level) / 2)
    assert wider[0] <= low <= high <= wider[1]


def test_the_factor_for_few_groups_is_one_for_many():
    assert few(100, level=0.95) == pytest.approx(1.017, abs=0.001)
    assert few(10**7, level=0.95) == pytest.approx(1.0)
