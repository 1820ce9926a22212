"""The figures of each slice, and how certain they are: one bootstrap for all slices at once.

On a resample, sums over all slices are a few matrix products, so that 2,000 resamples of 10,000
images in 50 slices take a second. A figure is taken over the slice's images that have the label. A
slice is small, so the interval is widened as means of few values ask for (Hesterberg 2015: the
factor of the variance, and Student's t), and where all genders are right, or all are wrong, which
no resample can change, the exact one of a share is taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from visage.codes import FEMALE, MALE
from visage.estimates import Estimates, Floats, Ints, Labels
from visage.metrics.age import errors
from visage.metrics.averages import Array
from visage.metrics.bootstrap import Measure
from visage.metrics.coverage import share_interval
from visage.metrics.slices import Slice, n_independent

MAE, MEAN_ERROR, GENDER_ACCURACY = "mae", "mean_error", "gender_accuracy"
RECALLS: Final = {FEMALE: "female_recall", MALE: "male_recall"}

_SHARE: Final = (0.0, 1.0)
_LIMITS: Final = {MAE: (0.0, np.inf), MEAN_ERROR: (-np.inf, np.inf)}  # all others are shares
Matrix = NDArray[np.float32] | Floats


@dataclass(frozen=True, eq=False)
class Measured:
    """A figure of S slices.

    Attributes:
        values: (S,), NaN where no image has the label.
        draws: on each resample, (R, S).
        n_groups: images with the label, near-duplicates counted once, (S,).
        limits: the least and the largest that it can be.
    """

    values: Floats
    draws: Floats
    n_groups: Ints
    limits: tuple[float, float]

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1."""
        return self.limits == _SHARE

    def interval(self, row: int, *, level: float) -> tuple[float, float]:
        """Returns the ends of the interval of one slice."""
        value, groups = float(self.values[row]), int(self.n_groups[row])
        if self.is_share and value in _SHARE:
            held, n = np.array([value * groups]), np.array([float(groups)])
            low, high = share_interval(held, n, level=level)
            return float(low[0]), float(high[0])
        tails = (1 - level) / 2, (1 + level) / 2
        ends = np.quantile(self.draws[:, row], tails) - value
        low, high = np.clip(value + few(groups, level=level) * ends, *self.limits)
        return float(low), float(high)


def few(n_groups: int, *, level: float) -> float:
    """Returns how much wider an interval of a mean over so many values is than its quantiles."""
    freedom, tail = max(1, n_groups - 1), (1 + level) / 2
    student = float(stdtrit(freedom, tail)) / NormalDist().inv_cdf(tail)
    return student * float(np.sqrt((freedom + 1) / freedom))


def slice_figures(labels: Labels, estimates: Estimates, slices: Sequence[Slice]) -> Measure[str]:
    """Returns what measures the slices on resamples, each figure (R, S).

    The figures are those that the model's heads allow: mae and mean_error, gender_accuracy and both
    genders' recall.
    """
    members = np.array([one.members for one in slices], dtype=np.bool_)
    parts = _parts(labels, estimates, members.T) if len(members) else []

    def measure(weights: Floats) -> Mapping[str, Floats]:
        found: dict[str, tuple[Floats, Floats]] = {}
        light = weights.astype(np.float32)
        for part in parts:
            found |= part.sums(weights, light)
        return {name: _mean(*pair) for name, pair in _with_accuracy(found).items()}

    return measure


def measured(
    labels: Labels, estimates: Estimates, slices: Sequence[Slice], draws: Mapping[str, Floats]
) -> dict[str, Measured]:
    """Returns the figures with what a bootstrap of `slice_figures` drew."""
    plain = slice_figures(labels, estimates, slices)(np.ones((1, len(labels.id))))
    known = {MAE: labels.has_age, MEAN_ERROR: labels.has_age, GENDER_ACCURACY: labels.has_gender}
    known |= {name: labels.gender == code for code, name in RECALLS.items()}
    return {
        name: Measured(
            values[0],
            # A resample that drew none of a slice says nothing of it.
            np.where(np.isnan(draws[name]), values, draws[name]),
            np.array([n_independent(labels.group, one.members & known[name]) for one in slices]),
            limits=_LIMITS.get(name, _SHARE),
        )
        for name, values in plain.items()
    }


@dataclass(frozen=True, eq=False)
class _Part:
    """The n images of N with a label, and their values.

    Counts of images are whole numbers, which float32 holds and adds exactly up to 16 million, in
    half the time; sums of errors stay in float64.

    Attributes:
        rows: which images, (n,); all: a slice, which copies nothing.
        inside: 1 where an image is in a slice, (n, S), float32.
        values: of each figure, 0 outside, (n, S), float32 for whole numbers.
    """

    rows: Ints | slice
    inside: Matrix
    values: Mapping[str, Matrix]

    def sums(self, weights: Floats, light: Matrix) -> dict[str, tuple[Floats, Floats]]:
        """Returns for each figure the sums of values and of counts, (R, S).

        light: the weights in float32.
        """
        counts = (light[:, self.rows] @ self.inside).astype(np.float64)
        found = {}
        for name, values in self.values.items():
            fitting = light if values.dtype == np.float32 else weights
            found[name] = (fitting[:, self.rows] @ values).astype(np.float64), counts
        return found


def _parts(labels: Labels, estimates: Estimates, inside: NDArray[np.bool_]) -> list[_Part]:
    found = []
    if estimates.age is not None and labels.has_age.any():
        error = errors(labels.age, estimates.age)
        found.append(_part(labels.has_age, inside, {MAE: np.abs(error), MEAN_ERROR: error}))
    if estimates.gender is not None and labels.has_gender.any():
        right = (labels.gender == estimates.gender).astype(np.float32)
        found += [
            _part(labels.gender == code, inside, {name: right}) for code, name in RECALLS.items()
        ]
    return found


def _part(
    known: NDArray[np.bool_], inside: NDArray[np.bool_], values: Mapping[str, Array]
) -> _Part:
    rows = slice(None) if known.all() else np.flatnonzero(known)
    own = inside[rows].astype(np.float32)
    return _Part(rows, own, {name: own * value[rows, None] for name, value in values.items()})


def _with_accuracy(sums: Mapping[str, tuple[Floats, Floats]]) -> dict[str, tuple[Floats, Floats]]:
    """Returns the sums with those of all genders: right ones of both, images of both."""
    if not sums.keys() >= set(RECALLS.values()):
        return dict(sums)
    female, male = (sums[name] for name in RECALLS.values())
    return {**sums, GENDER_ACCURACY: (female[0] + male[0], female[1] + male[1])}


def _mean(sums: Floats, totals: Floats) -> Floats:
    return np.divide(sums, totals, out=np.full_like(sums, np.nan), where=totals > 0)
