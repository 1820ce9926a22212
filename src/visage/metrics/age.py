"""How far estimated ages are from the true ones.

Errors are estimated minus true age, so a positive `mean_error` says "estimated too old". Ages are
in years, (N,); for `weights` see `averages`. Training picks its best epoch with these functions.
"""

import numpy as np

from visage.metrics.averages import Array, Floats, average

_CONSTANT = 1e-9  # years²; a smaller variance is rounding error


def errors(age: Array, predicted: Array) -> Floats:
    """Returns estimated minus true age, (N,)."""
    difference: Floats = np.subtract(predicted, age, dtype=np.float64)
    return difference


def rmse(age: Array, predicted: Array, weights: Floats | None = None) -> Floats:
    """Returns the root mean squared error, years."""
    root: Floats = np.sqrt(average(errors(age, predicted) ** 2, weights))
    return root


def mae(age: Array, predicted: Array, weights: Floats | None = None) -> Floats:
    """Returns the mean absolute error, years."""
    return average(np.abs(errors(age, predicted)), weights)


def mean_error(age: Array, predicted: Array, weights: Floats | None = None) -> Floats:
    """Returns the bias, years; above 0 where ages are estimated too old."""
    return average(errors(age, predicted), weights)


def within_k(age: Array, predicted: Array, weights: Floats | None = None, *, k: float) -> Floats:
    """Returns the share, 0 to 1, of images with |error| <= k years; k itself counts."""
    return average(np.abs(errors(age, predicted)) <= k, weights)


def r2(age: Array, predicted: Array, weights: Floats | None = None) -> Floats:
    """Returns the coefficient of determination, at most 1.

    Where all ages are equal it is not defined; it is then 1 for a perfect estimate and else 0, as
    in scikit-learn, so that no figure is ever NaN.
    """
    centred = age.astype(np.float64) - age.mean(dtype=np.float64)  # else the squares cancel
    variance = average(centred**2, weights) - average(centred, weights) ** 2
    squared = average(errors(age, predicted) ** 2, weights)
    constant = variance <= _CONSTANT
    ratio: Floats = squared / np.where(constant, 1.0, variance)
    return np.where(constant, np.where(squared == 0, 1.0, 0.0), 1.0 - ratio)[()]  # a number if 0-d


def balanced_mae(age: Array, predicted: Array, *, bin_years: int) -> float:
    """Returns the mean over age bins of the MAE in each, years; empty bins don't count.

    Bins are [0, bin_years), [bin_years, 2 * bin_years), ... A model that is good only at the
    common ages is found out by this figure.
    """
    _, members = np.unique(age // bin_years, return_inverse=True)
    sums = np.bincount(members, weights=np.abs(errors(age, predicted)))
    return float((sums / np.bincount(members)).mean())
