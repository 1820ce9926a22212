"""The one number that ranks runs: the harmonic mean of an age score and a gender score.

The age score falls linearly from 1 at RMSE 0 to 0 at RMSE 30 years and beyond; the gender score is
the macro F1. A model that fails at one task gets 0, however good it is at the other.
"""

from typing import Final

import numpy as np

from visage.metrics.averages import Floats

RMSE_CEILING_YEARS: Final = 30.0


def harmonic(rmse: float | Floats, f1: float | Floats) -> Floats:
    """Returns 2·A·F1 / (A + F1) with A = 1 - min(RMSE, 30) / 30, and 0 where both are 0."""
    age_score = 1.0 - np.minimum(rmse, RMSE_CEILING_YEARS) / RMSE_CEILING_YEARS
    total = age_score + f1
    score: Floats = 2.0 * age_score * f1 / np.where(total > 0, total, 1.0)
    return score
