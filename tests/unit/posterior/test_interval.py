from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visage.posterior.age import mean_age, quantile
from visage.posterior.decision import AgeIntervals, AgeLevel
from visage.posterior.interval import age_bounds, fit_intervals, group_edges

GRID = np.arange(101)


def gaussians(mean, sigma):
    density = np.exp(
        -0.5 * ((GRID - np.asarray(mean)[:, None]) / np.asarray(sigma)[..., None]) ** 2
    )
    return density / density.sum(axis=1, keepdims=True)


def drawn(generator, n):
    """Faces whose estimate is twice as far off above 60, which the posterior does not know."""
    told = generator.uniform(10, 90, n)
    error = generator.normal(0, np.where(told > 60, 10, 5))
    return np.clip(told + error, 0, 100), gaussians(told, np.full(n, 5.0))


def fit(ages, posterior, group=None, *, coverages=(0.9,), shown=0.9, min_group=30):
    group = np.arange(len(ages)) if group is None else group
    settings = {"coverages": coverages, "shown": shown, "min_group": min_group}
    return fit_intervals(ages, posterior, group, **settings)


def held(ages, bounds):
    return (bounds.low <= ages) & (ages <= bounds.high)


def test_the_margin_is_the_finite_sample_quantile_of_how_far_ages_lie_outside():
    ages, posterior = drawn(np.random.default_rng(0), 50)
    outside = np.maximum(quantile(posterior, 0.1) - ages, ages - quantile(posterior, 0.9))
    level = np.ceil(51 * 0.8) / 50  # MAPIE's form of the rank
    expected = np.quantile(outside, level, method="inverted_cdf")
    found = fit(ages, posterior, coverages=(0.8,), shown=0.8, min_group=50)
    assert found.levels[0].margins_years == (pytest.approx(expected),)


def by_hand(ages, posterior, edges, coverage):
    """Romano, Patterson & Candes (2019), eqs. 6 to 8, in each group by itself, image by image."""
    tail, margins = (1 - coverage) / 2, []
    for low, high in pairwise([-np.inf, *edges, np.inf]):
        scores = []
        for age, row in zip(ages, posterior, strict=True):
            if low <= (row * GRID).sum() < high:
                ends = (quantile(row[None], share)[0] for share in (tail, 1 - tail))
                scores.append(max(next(ends) - age, age - next(ends)))
        rank = int(np.ceil(round(coverage * (len(scores) + 1), 6)))
        margins.append(sorted(scores)[rank - 1])
    return margins


@given(st.integers(0, 1000), st.sampled_from([20, 30, 60]))
@settings(max_examples=25)
def test_each_group_has_its_own_margin_as_by_hand(seed, min_group):
    ages, posterior = drawn(np.random.default_rng(seed), 300)
    found = fit(ages, posterior, coverages=(0.8, 0.9, 0.95), min_group=min_group)
    assert len(found.edges_years) > 1
    for level in found.levels:
        expected = by_hand(ages, posterior, found.edges_years, level.coverage)
        assert level.margins_years == pytest.approx(expected)


def test_the_one_width_for_all_is_split_conformal():
    ages, posterior = drawn(np.random.default_rng(1), 40)
    residuals = np.sort(np.abs(ages - mean_age(posterior)))
    found = fit(ages, posterior).levels[0].half_width_years
    assert found == pytest.approx(residuals[36])  # ceil(41 * 0.9) = 37th


def test_a_whole_rank_is_not_pushed_up_by_rounding():
    ages, posterior = np.arange(1.0, 100.0), gaussians(np.zeros(99), np.ones(99))
    found = fit(ages, posterior, coverages=(0.07,), shown=0.07)  # 100 * 0.07 = 7.000000000000001
    assert found.levels[0].half_width_years == pytest.approx(7 - mean_age(posterior)[0])


def test_too_few_images_promise_only_what_they_can():
    ages, posterior = drawn(np.random.default_rng(2), 3)
    found = fit(ages, posterior)
    assert (found.edges_years, found.levels[0].coverage) == ((), 0.75)


def test_coverage_on_new_images_is_the_promised_one_in_each_group():
    generator = np.random.default_rng(3)
    shares = []
    for _ in range(300):  # over draws of the calibration part
        intervals = fit(*drawn(generator, 400))
        ages, posterior = drawn(generator, 400)
        inside, old = held(ages, age_bounds(posterior, intervals)[0]), mean_age(posterior) > 60
        shares.append((inside[~old].mean(), inside[old].mean()))
    assert np.mean(shares, axis=0) == pytest.approx([0.91, 0.91], abs=0.012)  # at least 0.9


def test_one_width_for_all_fails_the_group_that_is_harder():
    generator = np.random.default_rng(4)
    intervals = fit(*drawn(generator, 4000))
    ages, posterior = drawn(generator, 4000)
    bounds, old = age_bounds(posterior, intervals)[0], mean_age(posterior) > 60
    constant = (bounds.constant_low <= ages) & (ages <= bounds.constant_high)
    assert constant[old].mean() < 0.85 < 0.88 < held(ages, bounds)[old].mean()


@given(st.integers(0, 1000), st.integers(1, 120))
def test_intervals_are_nested_hold_the_estimate_and_stay_on_the_grid(seed, n):
    ages, posterior = drawn(np.random.default_rng(seed), n)
    intervals = fit(ages, posterior, coverages=(0.5, 0.8, 0.95), shown=0.8)
    found, age = age_bounds(posterior, intervals), mean_age(posterior)
    ends = [0.0, *(one.low for one in reversed(found)), age, *(one.high for one in found), 100.0]
    assert all((left <= right + 1e-9).all() for left, right in pairwise(ends))


@given(st.integers(0, 1000), st.floats(0.05, 0.95), st.integers(1, 60))
def test_at_least_the_promised_share_of_the_sample_itself_is_held(seed, coverage, n):
    ages, posterior = drawn(np.random.default_rng(seed), n)
    intervals = fit(ages, posterior, coverages=(coverage,), shown=coverage)
    share = held(ages, age_bounds(posterior, intervals)[0]).mean()
    assert share >= intervals.levels[0].coverage - 1e-9


@given(st.lists(st.floats(0, 100), min_size=1, max_size=300), st.integers(1, 50))
def test_every_group_has_the_images_that_it_needs(predicted, needed):
    ages = np.array(predicted)
    edges = group_edges(ages, np.arange(len(ages)), least=needed)
    sizes = np.bincount(np.searchsorted(edges, ages, side="right"), minlength=len(edges) + 1)
    assert sizes.min() >= min(needed, len(ages))


def test_groups_are_decades_where_there_are_enough_images():
    predicted = np.repeat([5.0, 15.0, 25.0, 35.0, 45.0], [30, 10, 25, 40, 3])
    group = np.arange(len(predicted))
    assert group_edges(predicted, group, least=30) == (10.0, 30.0)
    pairs = np.where(predicted < 20, group // 2, group)
    assert group_edges(predicted, pairs, least=30) == (30.0,)


def test_a_group_is_as_large_as_the_widest_promise_needs():
    ages, posterior = drawn(np.random.default_rng(5), 300)
    found = fit(ages, posterior, coverages=(0.9, 0.99), shown=0.9, min_group=5)
    sizes = np.bincount(np.searchsorted(found.edges_years, mean_age(posterior), side="right"))
    assert sizes.min() >= 99


def test_the_shown_level_is_the_one_that_was_asked_for():
    ages, posterior = drawn(np.random.default_rng(6), 300)
    found = fit(ages, posterior, coverages=(0.8, 0.9, 0.95), shown=0.9)
    assert found.levels[found.shown].coverage == 0.9


def test_margins_go_by_the_group_of_the_predicted_age():
    level = AgeLevel(0.9, (1.0, 5.0), 3.0)
    intervals = AgeIntervals((30.0,), (level,), shown=0)
    posterior = gaussians([29.0, 31.0], [2.0, 2.0])
    without = AgeIntervals((30.0,), (replace(level, margins_years=(0.0, 0.0)),), shown=0)
    wider = age_bounds(posterior, intervals)[0].high - age_bounds(posterior, without)[0].high
    assert wider.tolist() == pytest.approx([1.0, 5.0])


def copied(generator, n):
    """Faces of which every tenth, whose age is hard to tell, is there six times."""
    ages, posterior = drawn(generator, n)
    hard = np.arange(n) % 10 == 0
    ages = np.clip(np.where(hard, ages + generator.normal(0, 25, n), ages), 0, 100)
    rows = np.repeat(np.arange(n), np.where(hard, 6, 1))
    return ages[rows], posterior[rows], rows


def test_copies_change_no_interval():
    ages, posterior = drawn(np.random.default_rng(7), 200)
    rows = np.repeat(np.arange(200), 1 + np.arange(200) % 3)
    assert fit(ages[rows], posterior[rows], rows) == fit(ages, posterior)
    assert fit(ages[rows], posterior[rows]) != fit(ages, posterior)


def test_too_few_groups_promise_only_what_they_can():
    ages, posterior = drawn(np.random.default_rng(2), 3)
    rows = np.repeat(np.arange(3), 20)
    assert fit(ages[rows], posterior[rows], rows).levels[0].coverage == 0.75


def test_a_face_of_a_new_group_is_held_as_often_as_promised():
    generator, shares = np.random.default_rng(8), []
    for _ in range(300):
        intervals = fit(*copied(generator, 120))
        ages, posterior, group = copied(generator, 400)
        first = np.unique(group, return_index=True)[1]
        inside = held(ages, age_bounds(posterior, intervals)[0])
        shares.append((inside[first].mean(), inside.mean()))
    each, by_image = np.mean(shares, axis=0)
    assert 0.895 < each < 0.93  # a group of n holds up to 1/n more
    assert by_image < each  # what is there six times is harder
