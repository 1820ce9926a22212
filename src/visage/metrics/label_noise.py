"""How improbable each label is, given what a model that was not trained on the image says of it.

Ranking labels by a model's out-of-sample probability of them ("self-confidence") is the simplest
score of confident learning (Northcutt, Jiang & Chuang, JAIR 2021; Kuan & Mueller, 2022). For gender
it is the calibrated probability of the label. For age it is the probability of an error at least as
large, where errors are Laplace distributed with a spread that depends on the predicted age, as a
residual is held against its expected size (Zhou, Mueller & Kumar, DMLR 2024). The spread comes from
medians, so that the very labels that are looked for don't hide themselves by widening it.

Both are probabilities, so the smaller one says which label is the more suspicious, and the score is
its negative decimal logarithm: 3 is one in a thousand. It ranks; it is no share of wrong labels.
"""

from dataclasses import dataclass

import numpy as np

from visage.codes import MALE
from visage.estimates import Estimates, Floats

BIN_IMAGES = 100  # from which the spread at a predicted age is taken, at least
MAX_BINS = 12
LEAST_SPREAD_YEARS = 1.0  # labels are whole years; a model that is surer than that is not believed
LEAST_PROBABILITY = 1e-12


@dataclass(frozen=True, eq=False)
class Claims:
    """What the labels say of N images, each (N,); ages NaN and gender -1 where there is none.

    An age that is known as a range has `age_low` and `age_high`, else they are equal.
    """

    age_low: Floats
    age_high: Floats
    gender: Floats


@dataclass(frozen=True, eq=False)
class Doubts:
    """Negative decimal logarithms of the labels' probabilities, each (N,); 0 where unknown."""

    age: Floats
    gender: Floats

    @property
    def score(self) -> Floats:
        """Returns the larger of the two, (N,)."""
        return np.maximum(self.age, self.gender)


def doubts(claims: Claims, estimates: Estimates) -> Doubts:
    """Returns how improbable each label of N images is."""
    nothing = np.zeros(len(claims.gender))
    age, gender = nothing, nothing
    if estimates.age is not None:
        age = _minus_log(age_probability(claims, estimates.age))
    if estimates.male_probability is not None:
        gender = _minus_log(gender_probability(claims, estimates.male_probability))
    return Doubts(age, gender)


def age_probability(claims: Claims, predicted: Floats) -> Floats:
    """Returns the probability of an error at least as large, (N,); NaN without a claimed age.

    The error is the distance from the predicted age, moved by the median error around it, to the
    claimed range.
    """
    known = ~np.isnan(claims.age_low)
    result = np.full(len(predicted), np.nan)
    if not known.any():
        return result
    low, high, told = claims.age_low[known], claims.age_high[known], predicted[known]
    centres, shifts = _by_predicted(told, (low + high) / 2 - told)
    told = told + np.interp(told, centres, shifts)
    errors = np.maximum(np.maximum(low - told, told - high), 0)
    centres, halves = _by_predicted(predicted[known], errors)
    spread = np.maximum(halves / np.log(2), LEAST_SPREAD_YEARS)  # a Laplace median is spread * ln 2
    result[known] = np.exp(-errors / np.interp(predicted[known], centres, spread))
    return result


def gender_probability(claims: Claims, male_probability: Floats) -> Floats:
    """Returns the probability of the claimed gender, (N,); NaN without one."""
    told = np.where(claims.gender == MALE, male_probability, 1 - male_probability)
    return np.where(claims.gender >= 0, told, np.nan)


def _by_predicted(predicted: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Returns predicted ages, ascending, and the median of `values` around each."""
    n_bins = int(np.clip(len(predicted) // BIN_IMAGES, 1, MAX_BINS))
    bins = np.array_split(np.argsort(predicted, kind="stable"), n_bins)
    centres = [np.median(predicted[rows]) for rows in bins]
    return np.array(centres), np.array([np.median(values[rows]) for rows in bins])


def _minus_log(probability: Floats) -> Floats:
    known = np.nan_to_num(probability, nan=1.0)
    return np.asarray(-np.log10(np.clip(known, LEAST_PROBABILITY, 1)) + 0.0, dtype=np.float64)
