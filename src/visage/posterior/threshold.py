"""The gender threshold: the cut that is best on the calibration part, found exactly.

Between two neighbouring probabilities every cut decides alike, so the midpoints are all the
candidates there are; their macro F1 comes from sorted counts, without a loop.
"""

from typing import Final

import numpy as np
import pandas as pd

from visage.codes import FEMALE, MALE
from visage.estimates import Floats, Ints

FOLDS: Final = 10
_TIE = 1e-12  # macro F1 of equal merit may differ by rounding


def best_threshold(gender: Ints, probability: Floats) -> float:
    """Returns the threshold that maximises macro F1; of equally good ones the nearest to 0.5.

    Args:
        gender: (N,), both genders occur.
        probability: of male, calibrated, (N,).
    """
    candidates = _midpoints(probability)
    score = _macro_f1(gender, probability, candidates)
    best = candidates[score >= score.max() - _TIE]
    return float(best[np.abs(best - 0.5).argmin()])


def threshold_curve(gender: Ints, probability: Floats) -> pd.DataFrame:
    """Returns the macro F1 at the thresholds 0.01 to 0.99 (schema THRESHOLD_CURVE)."""
    thresholds = np.round(np.arange(0.01, 1.0, 0.01), 2)
    score = _macro_f1(gender, probability, thresholds)
    return pd.DataFrame({"threshold": thresholds, "gender_f1": score.round(4)})


def cross_fit(gender: Ints, probability: Floats, group: Ints, *, seed: int) -> Ints | None:
    """Returns genders by thresholds that neither the image nor its near-duplicates helped to find.

    The images are dealt into ten folds by group; a fold is decided by the best threshold of the
    others (cross-fitting; Chernozhukov et al. 2018). None where some nine folds hold one gender
    alone.

    Args:
        gender: 0 or 1, (N,); -1 (unknown) takes no part in the fitting.
        probability: of male, calibrated, (N,).
        group: of near-duplicates, (N,).
        seed: of the dealing.
    """
    _, members = np.unique(group, return_inverse=True)
    fold = np.random.default_rng(seed).permutation(members.max() + 1)[members] % FOLDS
    decided = np.empty_like(gender)
    for one in range(FOLDS):
        others = (fold != one) & (gender >= 0)
        if len(np.unique(gender[others])) < len((FEMALE, MALE)):
            return None
        threshold = best_threshold(gender[others], probability[others])
        decided[fold == one] = probability[fold == one] >= threshold
    return decided


def _midpoints(probability: Floats) -> Floats:
    edges: Floats = np.concatenate(
        [[0.0], np.unique(probability), [1.0]]
    )  # 0 and 1: all male, all female
    middle: Floats = (edges[:-1] + edges[1:]) / 2
    return middle


def _macro_f1(gender: Ints, probability: Floats, thresholds: Floats) -> Floats:
    women, men = np.sort(probability[gender == FEMALE]), np.sort(probability[gender == MALE])
    women_low = np.searchsorted(women, thresholds, side="left")  # below the threshold: right
    men_low = np.searchsorted(men, thresholds, side="left")  # below the threshold: wrong
    women_high, men_high = len(women) - women_low, len(men) - men_low
    f1_women = 2 * women_low / (len(women) + women_low + men_low)
    f1_men = 2 * men_high / (len(men) + men_high + women_high)
    mean: Floats = (f1_women + f1_men) / 2
    return mean
