from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch
import torchmetrics.functional.regression as reference
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics

from visage.metrics.age import balanced_mae, mae, mean_error, r2, rmse, within_k

AGE = np.random.default_rng(0).integers(0, 117, 500).astype(np.float64)
GUESS = AGE + np.random.default_rng(1).normal(2, 8, 500)
WEIGHTS = np.random.default_rng(2).poisson(1.0, (5, 500)).astype(np.float64)
ages = arrays(np.float64, 20, elements=st.floats(0, 120))
counts = arrays(np.int64, 20, elements=st.integers(0, 3)).filter(lambda w: w.sum() > 1)


def test_rmse_agrees_with_torchmetrics():
    root = reference.mean_squared_error(torch.tensor(GUESS), torch.tensor(AGE), squared=False)
    assert rmse(AGE, GUESS) == pytest.approx(root.item())


def test_mae_agrees_with_torchmetrics():
    expected = reference.mean_absolute_error(torch.tensor(GUESS), torch.tensor(AGE))
    assert mae(AGE, GUESS) == pytest.approx(expected.item())


def test_r2_agrees_with_torchmetrics():
    expected = reference.r2_score(torch.tensor(GUESS), torch.tensor(AGE))
    assert r2(AGE, GUESS) == pytest.approx(expected.item())


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (rmse, metrics.root_mean_squared_error),
        (mae, metrics.mean_absolute_error),
        (r2, metrics.r2_score),
    ],
)
def test_weights_are_scikit_learns_sample_weights(ours, theirs):
    expected = [theirs(AGE, GUESS, sample_weight=row) for row in WEIGHTS]
    np.testing.assert_allclose(ours(AGE, GUESS, WEIGHTS), expected)


@pytest.mark.parametrize("metric", [rmse, mae, r2, mean_error, partial(within_k, k=3)])
@given(age=ages, guess=ages, weights=counts)
def test_a_weight_is_a_number_of_copies(metric, age, guess, weights):
    copied = metric(np.repeat(age, weights), np.repeat(guess, weights))
    assert metric(age, guess, weights.astype(float)) == pytest.approx(copied, rel=1e-6, abs=1e-6)


def test_r2_of_the_mean_age_is_zero():
    assert r2(AGE, np.full_like(AGE, AGE.mean())) == pytest.approx(0)


@pytest.mark.parametrize(("guess", "expected"), [(37.3, 1.0), (30.0, 0.0)])
def test_r2_of_equal_ages_is_a_number_as_in_scikit_learn(guess, expected):
    age, guesses = np.full(5, 37.3), np.full(5, guess)
    assert r2(age, guesses) == metrics.r2_score(age, guesses) == expected


def test_mean_error_is_positive_where_ages_are_estimated_too_old():
    assert mean_error(np.array([10.0, 20.0]), np.array([15.0, 21.0])) == 3.0


@pytest.mark.parametrize(("error", "inside"), [(3.0, 1.0), (-3.0, 1.0), (3.0001, 0.0)])
def test_an_error_of_exactly_k_counts_as_within_k(error, inside):
    assert within_k(np.array([30.0]), np.array([30.0 + error]), k=3) == inside


def test_within_k_is_a_share():
    assert within_k(np.zeros(4), np.array([0.0, 4.0, -5.0, 6.0]), k=5) == 0.75


def test_balanced_mae_counts_each_age_bin_once():
    age = np.array([5.0, 6.0, 7.0, 10.0])  # 10 belongs to [10, 20)
    assert balanced_mae(age, np.array([6.0, 7.0, 8.0, 19.0]), bin_years=10) == 5.0


def test_float32_is_computed_in_full_precision():
    age = np.full(10**6, 30.1, dtype=np.float32)
    assert mae(age, age + np.float32(1)) == pytest.approx(float(age[0] + np.float32(1) - age[0]))


@given(age=ages, guess=ages, k=st.floats(0, 20))
def test_within_k_is_the_share_counted_one_by_one(age, guess, k):
    inside = [abs(told - true) <= k for true, told in zip(age, guess, strict=True)]
    assert within_k(age, guess, k=k) == pytest.approx(sum(inside) / len(inside))


@given(age=ages, guess=ages, years=st.sampled_from([5, 10, 20]))
def test_balanced_mae_is_the_mean_of_the_bins_means(age, guess, years):
    bins = pd.cut(pd.Series(age), np.arange(0, 141, years), right=False)
    expected = pd.Series(np.abs(guess - age)).groupby(bins, observed=True).mean().mean()
    assert balanced_mae(age, guess, bin_years=years) == pytest.approx(expected)
