"""From a posterior over ages to one age.

A prediction minimises expected loss, so the metric picks the rule (Paplhám & Franc 2024): the mean
for RMSE, which the harmonic score uses, the median for MAE.
"""

import numpy as np

from visage.estimates import Floats

_PLATEAU = 1e-4  # of probability; the float32 posteriors are exact to about 1e-6


def mean_age(posterior: Floats) -> Floats:
    """Returns the expected age, years; posterior: (N, A), rows sum to 1."""
    mean: Floats = posterior @ np.arange(posterior.shape[1], dtype=np.float64)
    return mean


def median_age(posterior: Floats) -> Floats:
    """Returns the age at which the cumulative probability reaches one half, years.

    The probability of an age a is taken as spread evenly over [a - 0.5, a + 0.5), so that the
    median of a point mass is that point and there is no shift against the mean. Where the
    cumulative stays at one half for a while, as it does between two views' point masses, the middle
    of that stretch is taken: which end is reached first would be decided by rounding.
    """
    middle = (quantile(posterior, 0.5 - _PLATEAU) + quantile(posterior, 0.5 + _PLATEAU)) / 2
    return np.clip(middle, 0.0, posterior.shape[1] - 1.0)


def quantile(posterior: Floats, share: float) -> Floats:
    """Returns the age at which the cumulative probability reaches `share`, years, (N,).

    The probability of an age a is taken as spread evenly over [a - 0.5, a + 0.5).
    """
    cumulative = posterior.cumsum(axis=1)
    reached = (cumulative >= share).argmax(axis=1)[:, None]
    after = np.take_along_axis(cumulative, reached, axis=1)
    mass = np.take_along_axis(posterior, reached, axis=1)
    found: Floats = (reached + 0.5 - (after - share) / mass)[:, 0]
    return found
