"""The temperature that makes the model's gender probabilities honest (Guo et al. 2017, sect. 4.2).

One number divides all logits; it minimises the negative log-likelihood of the calibration part.
"""

from typing import Final

import numpy as np
from scipy.optimize import minimize_scalar

from visage.estimates import Floats, Ints
from visage.posterior.gender import logits

BOUNDS: Final = (0.1, 10.0)  # a few perfectly told images would ask for 0: certainty for ever


def fit_temperature(gender: Ints, probability: Floats) -> float:
    """Returns the temperature in BOUNDS of the smallest loss, or 1 where none is better than 1.

    Args:
        gender: (N,).
        probability: of male, as the model gave it, (N,).
    """
    signed = np.where(gender == 1, 1.0, -1.0) * logits(probability)

    def loss(log_temperature: float) -> float:
        return float(np.logaddexp(0.0, -signed / np.exp(log_temperature)).mean())

    found = minimize_scalar(loss, bounds=np.log(BOUNDS), method="bounded", options={"xatol": 1e-8})
    return float(np.exp(found.x)) if found.fun < loss(0.0) else 1.0
