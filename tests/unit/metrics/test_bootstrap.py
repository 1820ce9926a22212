import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from visage.metrics.averages import average
from visage.metrics.bootstrap import percentile_intervals, resample_weights, resampled


def mean_of(values):
    return lambda weights: {"mean": average(values, weights)}


def interval(values, group, *, seed=0, resamples=2000, level=0.95):
    (draws,) = resampled([mean_of(values)], group, resamples=resamples, seed=seed)
    return percentile_intervals(draws, level=level)["mean"]


def width(ends):
    return ends[1] - ends[0]


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
    np.testing.assert_allclose(interval(values, np.arange(2000)), expected, atol=0.06 * half)


def test_interval_holds_the_true_mean_about_as_often_as_it_says():
    generator = np.random.default_rng(1)
    held = []
    for seed in range(300):
        values = generator.normal(0, 1, 60)
        low, high = interval(values, np.arange(60), seed=seed, resamples=300, level=0.9)
        held.append(low <= 0 <= high)
    assert np.mean(held) == pytest.approx(0.9, abs=0.05)  # three standard errors


def test_copies_of_a_photo_make_no_interval_narrower():
    values = np.random.default_rng(2).normal(0, 1, 300)
    copied, group = np.repeat(values, 4), np.repeat(np.arange(300), 4)
    by_group = width(interval(copied, group))
    assert by_group == pytest.approx(width(interval(values, np.arange(300))), rel=0.1)
    assert by_group == pytest.approx(2 * width(interval(copied, np.arange(1200))), rel=0.1)


def test_equal_seeds_give_equal_intervals():
    values = np.random.default_rng(3).normal(0, 1, 50)
    assert interval(values, np.arange(50), seed=4) == interval(values, np.arange(50), seed=4)
    assert interval(values, np.arange(50), seed=4) != interval(values, np.arange(50), seed=5)


def test_a_single_group_has_an_interval_of_no_width():
    low, high = interval(np.array([1.0, 3.0]), np.zeros(2))
    assert low == high == 2.0


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
def test_the_ends_leave_the_rest_outside_by_halves(draws, level):
    low, high = percentile_intervals({"x": np.array(draws)}, level=level)["x"]
    outside = [sum(one < low - 1e-9 for one in draws), sum(one > high + 1e-9 for one in draws)]
    assert max(outside) <= (1 - level) / 2 * len(draws) + 1
    wider = percentile_intervals({"x": np.array(draws)}, level=(1 + level) / 2)["x"]
    assert wider[0] <= low <= high <= wider[1]
