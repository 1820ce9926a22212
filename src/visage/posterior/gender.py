"""From the model's probability of male to a calibrated one and to a decision.

The order is: average the views, divide the logit by the temperature, compare with the threshold.
The temperature keeps the order of the images and the side of 0.5, so that it makes probabilities
honest and changes no decision that the threshold could not have changed.
"""

import numpy as np

from visage.estimates import Floats, Ints

EDGE = 1e-7  # probabilities are saved as float32, whose next neighbour of 1 is 6e-8 away


def logits(probability: Floats) -> Floats:
    """Returns log odds, finite also where the probability is 0 or 1."""
    inside = np.clip(probability, EDGE, 1 - EDGE)
    odds: Floats = np.log(inside) - np.log1p(-inside)
    return odds


def temper(probability: Floats, *, temperature: float) -> Floats:
    """Returns calibrated probabilities (temperature scaling; Guo et al. 2017)."""
    calibrated: Floats = 1 / (1 + np.exp(-logits(probability) / temperature))
    return calibrated


def decide_gender(probability: Floats, *, threshold: float) -> Ints:
    """Returns 1 (male) where the probability is at least the threshold, else 0."""
    return (probability >= threshold).astype(np.int64)
