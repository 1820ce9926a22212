from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import accuracy_score, mean_absolute_error, recall_score

from visage.estimates import Estimates, Labels
from visage.metrics.bootstrap import SHARE, resampled
from visage.metrics.slice_figures import Measured, measured, slice_figures
from visage.metrics.slices import Factor, Slice, find_slices


@pytest.fixture
def slices(truth):
    return find_slices(truth, None, bin_years=10, min_slice=5)


def measure(truth, guess, slices, *, resamples=200):
    figures = slice_figures(truth, guess, slices)
    (draws,) = resampled([figures], truth.group, resamples=resamples, seed=1)
    return measured(truth, guess, slices, draws)


def whole(labels: Labels) -> Slice:
    return Slice(Factor.SOURCE, np.ones(len(labels.id), dtype=np.bool_), value="all")


def test_figures_are_those_of_scikit_learn(truth, guess, slices):
    found = measure(truth, guess, slices)
    assert len(slices) > 20
    for row, one in enumerate(slices):
        age, told = truth.age[one.members], guess.age[one.members]
        assert found["mae"].values[row] == pytest.approx(mean_absolute_error(age, told))
        genders = truth.gender[one.members], guess.gender[one.members]
        assert found["gender_accuracy"].values[row] == pytest.approx(accuracy_score(*genders))
        for code, name in ((0, "female_recall"), (1, "male_recall")):
            expected = recall_score(*genders, pos_label=code, zero_division=np.nan)
            assert found[name].values[row] == pytest.approx(expected, nan_ok=True)


def test_images_without_the_label_do_not_count(truth, guess):
    known = np.arange(400) >= 100
    partial = replace(truth, age=np.where(known, truth.age, np.nan))
    found = measure(partial, guess, [whole(truth)])
    expected = mean_absolute_error(truth.age[known], guess.age[known])
    assert found["mae"].values[0] == pytest.approx(expected)
    assert (found["mae"].n_groups[0], found["gender_accuracy"].n_groups[0]) == (225, 300)


def test_a_missing_head_has_no_figure(truth, guess, slices):
    assert set(measure(truth, replace(guess, gender=None), slices)) == {"mae", "mean_error"}
    assert "mae" not in measure(truth, replace(guess, age=None), slices)
    assert measure(truth, Estimates(), slices) == {}


def test_interval_of_a_small_slice_is_students():
    errors = np.random.default_rng(3).exponential(5, 30)
    labels = Labels(np.arange(30), np.zeros(30), np.full(30, -1), np.arange(30))
    found = measure(labels, Estimates(age=errors), [whole(labels)], resamples=4000)["mae"]
    low, high = found.interval(0, level=0.95)
    expected = stats.t.interval(0.95, 29, loc=errors.mean(), scale=stats.sem(errors))
    assert high - low == pytest.approx(expected[1] - expected[0], rel=0.06)


def test_where_all_are_right_the_interval_is_the_exact_one_of_a_share():
    gender = np.ones(20, dtype=np.int64)
    labels = Labels(np.arange(20), np.zeros(20), gender, np.arange(20))
    found = measure(labels, Estimates(gender=gender), [whole(labels)])["gender_accuracy"]
    assert found.interval(0, level=0.95) == pytest.approx((0.025 ** (1 / 20), 1.0))


def test_copies_of_a_photo_are_no_further_evidence():
    gender = np.ones(40, dtype=np.int64)
    labels = Labels(np.arange(40), np.zeros(40), gender, np.arange(40) // 2)
    found = measure(labels, Estimates(gender=gender), [whole(labels)])["gender_accuracy"]
    assert found.interval(0, level=0.95)[0] == pytest.approx(0.025 ** (1 / 20))


def test_a_resample_without_the_slice_says_nothing_of_it(truth, guess):
    one = Slice(Factor.SOURCE, np.arange(400) == 0, value="x")
    found = measure(truth, guess, [one])["mae"]
    missing = np.isnan(found.draws).mean()
    assert 0.25 < missing < 0.5  # 1 / e
    assert found.interval(0, level=0.95) is None


def test_a_share_has_no_interval_beyond_0_and_1():
    draws = np.array([[0.5], [1.0], [1.0], [0.95]])
    found = Measured(np.array([0.95]), draws, np.array([3]), np.array([3.0]), scale=SHARE)
    assert found.interval(0, level=0.9)[1] == 1.0


def drawn(seed):
    """Returns labels, some of them unknown, estimates, slices that overlap, and weights (3, N)."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 60))
    age, gender = rng.uniform(0, 100, n), rng.integers(-1, 2, n)
    age[rng.random(n) < 0.2] = np.nan
    labels = Labels(np.arange(n).astype(object), age, gender, rng.integers(0, n, n))
    told = Estimates(age=rng.uniform(0, 100, n), gender=rng.integers(0, 2, n))
    cut = [Slice(Factor.SOURCE, rng.random(n) < 0.5, value=str(at)) for at in range(4)]
    return labels, told, cut, rng.integers(0, 4, (3, n)).astype(np.float64)


@given(st.integers(0, 10_000))
def test_resampled_figures_are_those_of_images_taken_so_often(seed):
    labels, told, cut, weights = drawn(seed)
    found = slice_figures(labels, told, cut)(weights)
    for row, one in np.ndindex(3, 4):
        often = np.repeat(np.arange(len(labels.id)), (weights[row] * cut[one].members).astype(int))
        aged = [at for at in often if not np.isnan(labels.age[at])]
        if "mae" in found:
            error = told.age[aged] - labels.age[aged]
            mae = np.abs(error).mean() if aged else np.nan
            bias = error.mean() if aged else np.nan
            assert found["mae"][row, one] == pytest.approx(mae, nan_ok=True)
            assert found["mean_error"][row, one] == pytest.approx(bias, nan_ok=True)
        named = [at for at in often if labels.gender[at] >= 0]
        if "gender_accuracy" in found:
            right = [told.gender[at] == labels.gender[at] for at in named]
            share = sum(right) / len(right) if right else np.nan
            assert found["gender_accuracy"][row, one] == pytest.approx(share, nan_ok=True)


def test_counts_in_float32_are_exact(truth, guess, slices):
    weights = np.random.default_rng(0).poisson(1, (20, 400)) * 10_000.0
    found = slice_figures(truth, guess, slices)(weights)["gender_accuracy"]
    right = (truth.gender == guess.gender).astype(np.float64)
    inside = np.array([one.members for one in slices], dtype=np.float64)
    totals = weights @ inside.T
    kept = totals > 0
    expected = (weights @ (inside * right).T)[kept] / totals[kept]
    assert (found[kept] == expected).all()


def test_the_interval_of_a_bias_may_hold_both_signs():
    errors = np.random.default_rng(4).normal(0, 5, 40)
    labels = Labels(np.arange(40), np.zeros(40), np.full(40, -1), np.arange(40))
    found = measure(labels, Estimates(age=errors), [whole(labels)], resamples=4000)["mean_error"]
    low, high = found.interval(0, level=0.95)
    expected = stats.t.interval(0.95, 39, loc=errors.mean(), scale=stats.sem(errors))
    assert low < 0 < high
    assert (low, high) == pytest.approx(expected, abs=0.06 * (high - low))
