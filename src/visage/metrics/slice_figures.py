"""The figures of each slice, and how certain they are: one bootstrap for all slices at once.

On a resample, sums over all slices are a few matrix products, so that 2,000 resamples of 10,000
images in 50 slices take a second. A figure is taken over the slice's images that have the label;
its interval is made as those of the whole part are (bootstrap.interval).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visage.codes import FEMALE, MALE
from visage.estimates import Estimates, Floats, Ints, Labels
from visage.metrics.age import errors
from visage.metrics.averages import Array
from visage.metrics.bootstrap import ERROR, SHARE, Measure, Scale, interval
from visage.metrics.independent import n_effective, n_independent
from visage.metrics.slices import Slice

MAE, MEAN_ERROR, GENDER_ACCURACY = "mae", "mean_error", "gender_accuracy"
RECALLS: Final = {FEMALE: "female_recall", MALE: "male_recall"}

_SCALES: Final = {MAE: ERROR, MEAN_ERROR: Scale()}  # all others are shares
Matrix = NDArray[np.float32] | Floats


@dataclass(frozen=True, eq=False)
class Measured:
    """A figure of S slices.

    Attributes:
        values: (S,), NaN where no image has the label.
        draws: on each resample, (R, S), NaN where it drew no such image.
        n_groups: images with the label, near-duplicates counted once, (S,).
        n_effective: of these images (metrics.independent), (S,).
        scale: where the figure may lie.
    """

    values: Floats
    draws: Floats
    n_groups: Ints
    n_effective: Floats
    scale: Scale

    def interval(self, row: int, *, level: float) -> tuple[float, float] | None:
        """Returns the ends of the interval of one slice, or None (bootstrap.interval)."""
        return interval(
            float(self.values[row]),
            self.draws[:, row],
            n_groups=int(self.n_groups[row]),
            n_effective=float(self.n_effective[row]),
            level=level,
            scale=self.scale,
        )


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
    found = {}
    for name, values in plain.items():
        held = [one.members & known[name] for one in slices]
        found[name] = Measured(
            values[0],
            draws[name],
            np.array([n_independent(labels.group, rows) for rows in held]),
            np.array([n_effective(labels.group[rows]) for rows in held]),
            scale=_SCALES.get(name, SHARE),
        )
    return found


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
