from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visage import schema
from visage.estimates import AgeBounds, Estimates, Labels
from visage.metrics.coverage import coverage_table, interval_levels
from visage.metrics.independent import share_interval


@pytest.fixture
def bounded(guess):
    bounds = [
        AgeBounds(coverage, guess.age - half, guess.age + half, guess.age - 9, guess.age + 9)
        for coverage, half in ((0.8, 8.0), (0.9, 10.0))
    ]
    return replace(guess, age_bounds=tuple(bounds))


def test_each_level_says_what_it_promises_and_holds(truth, bounded):
    found = interval_levels(truth, bounded, bin_years=10, min_slice=20)
    error = np.abs(truth.age - bounded.age)
    assert [level["nominal"] for level in found] == [0.8, 0.9]
    assert [level["coverage"] for level in found] == [(error <= 8).mean(), (error <= 10).mean()]
    assert found[0]["constant_coverage"] == (error <= 9).mean()
    assert found[1]["mean_width_years"] == pytest.approx(20)


def test_bins_go_by_predicted_age(truth, bounded):
    rows = interval_levels(truth, bounded, bin_years=10, min_slice=1)[1]["by_predicted_age"]
    first = bounded.age < 10
    held = np.abs(truth.age - bounded.age)[first] <= 10
    assert (rows[0]["n"], rows[0]["coverage"]) == (first.sum(), pytest.approx(held.mean()))
    assert sum(row["n"] for row in rows) == len(truth.id)


def test_small_bins_are_not_shown(truth, bounded):
    rows = interval_levels(truth, bounded, bin_years=10, min_slice=42)[0]["by_predicted_age"]
    assert rows
    assert all(row["n"] >= 42 for row in rows)


def test_images_without_an_age_do_not_count(truth, bounded):
    some = np.arange(len(truth.id)) < 50
    partial = replace(truth, age=np.where(some, np.nan, truth.age))
    rows = interval_levels(partial, bounded, bin_years=10, min_slice=1)[0]["by_predicted_age"]
    assert sum(row["n"] for row in rows) == 350


def test_the_plots_table_is_of_the_level_that_is_shown(truth, bounded):
    levels = interval_levels(truth, bounded, bin_years=10, min_slice=20)
    table = coverage_table(levels, shown=bounded.age_coverage)
    assert table.columns.tolist() == schema.AGE_COVERAGE.names
    assert set(table["promised"]) == {0.9}


def test_a_promise_is_in_the_plots_table_as_it_is(truth, bounded):
    near = replace(bounded, age_bounds=(replace(bounded.age_bounds[0], coverage=0.99996),))
    (level,) = interval_levels(truth, near, bin_years=10, min_slice=20)
    assert set(coverage_table([level], shown=0.99996)["promised"]) == {0.99996}


def test_without_an_age_head_the_table_is_empty(truth):
    levels = interval_levels(truth, Estimates(), bin_years=10, min_slice=20)
    table = coverage_table(levels, shown=Estimates().age_coverage)
    assert (table.columns.tolist(), len(table)) == (schema.AGE_COVERAGE.names, 0)


def test_copies_of_a_photo_do_not_narrow_a_bins_interval(truth, bounded):
    def first(labels, told):
        return interval_levels(labels, told, bin_years=101, min_slice=1)[0]["by_predicted_age"][0]

    once = replace(truth, group=np.arange(400))
    four = np.repeat(np.arange(400), 4)
    copies = Labels(*(values[four] for values in vars(once).values()))
    bounds = bounded.age_bounds[0]
    ends = {name: end[four] for name, end in vars(bounds).items() if name != "coverage"}
    told = Estimates(age=bounded.age[four], age_bounds=(AgeBounds(0.8, **ends),))
    alone, copied = first(once, bounded), first(copies, told)
    assert copied["n"] == 4 * alone["n"]
    assert (copied["low"], copied["high"]) == pytest.approx((alone["low"], alone["high"]))
    exact = share_interval(np.array([alone["coverage"]]), np.array([400.0]))
    assert (alone["low"], alone["high"]) == (exact[0][0], exact[1][0])


@given(seed=st.integers(0, 10_000))
def test_by_predicted_age_each_bin_is_measured_by_itself(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 80))
    told, age = rng.uniform(0, 100, n), rng.uniform(0, 100, n)
    age[rng.random(n) < 0.2] = np.nan
    age[0] = 50.0
    bounds = AgeBounds(0.9, *(told + np.sort(rng.uniform(-30, 30, (4, n)), axis=0)[[0, 2, 1, 3]]))
    labels = Labels(np.arange(n).astype(object), age, np.full(n, -1), rng.integers(0, 40, n))
    estimates = Estimates(age=told, age_bounds=(bounds,))
    (level,) = interval_levels(labels, estimates, bin_years=20, min_slice=2)
    expected = []
    for start in range(0, 100, 20):
        rows = [i for i in range(n) if start <= told[i] < start + 20 and not np.isnan(age[i])]
        if len({labels.group[i] for i in rows}) >= 2:
            held = [bounds.low[i] <= age[i] <= bounds.high[i] for i in rows]
            width = [bounds.high[i] - bounds.low[i] for i in rows]
            expected.append((start, len(rows), np.mean(held), np.mean(width)))
    columns = ("age_from", "n", "coverage", "mean_width_years")
    found = [tuple(row[name] for name in columns) for row in level["by_predicted_age"]]
    assert np.array(found) == pytest.approx(np.array(expected))


def test_copies_of_a_photo_do_not_make_a_bin_large_enough(truth, bounded):
    copies = replace(truth, group=np.where(bounded.age < 10, 0, truth.group + 1))
    (_, level) = interval_levels(copies, bounded, bin_years=10, min_slice=20)
    assert level["by_predicted_age"][0]["age_from"] == 10
    assert level["left_out"] == 2  # and the one image at 100
