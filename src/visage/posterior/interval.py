"""How far the true age may be from the estimate: split conformal prediction.

The interval mean ± half width holds the promised share of true ages for images that are drawn like
the calibration part, whatever the model is (Vovk et al. 2005; Lei et al. 2018, algorithm 2).
"""

import math

import numpy as np

from visage.estimates import Floats
from visage.posterior.decision import AgeInterval

_ROUNDING = 1e-9  # 100 * 0.07 is 7.000000000000001, and is meant as 7


def fit_interval(residuals: Floats, *, coverage: float) -> AgeInterval:
    """Returns the interval that promises `coverage`, from true minus estimated ages, (N,).

    The half width is the ceil((N + 1) * coverage)-th smallest absolute residual. Where there are
    too few images for that (fewer than 9 for 0.9), it is the largest one, and the interval says
    the coverage that it can promise: N / (N + 1).
    """
    n = len(residuals)
    rank = math.ceil((n + 1) * coverage - _ROUNDING)
    if rank > n:
        rank, coverage = n, n / (n + 1)
    half_width = np.sort(np.abs(residuals))[rank - 1]
    return AgeInterval(coverage=coverage, half_width_years=float(half_width))


def spread(residuals: Floats) -> float:
    """Returns the root mean square of the residuals, years."""
    return float(np.sqrt(np.mean(residuals**2)))
