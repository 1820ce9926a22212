"""Where two sides differ: age bins, and gender by age bin, as the evaluation cuts them.

Bins are [age_from, age_to). Each slice has its MAE and its share of right genders; a slice some of
whose images lack the label has no such figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visage.estimates import Estimates, Floats, Labels
from visage.metrics.age import errors
from visage.metrics.paired import Measure
from visage.schema import FEMALE, MALE

Key = tuple[str, int]  # mae or gender_accuracy, and the slice's position


@dataclass(frozen=True, eq=False)
class Slice:
    """Images of an age bin, of one gender or of both (None); `members`, (N,), tells which."""

    gender: int | None
    age_from: int
    age_to: int
    members: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """How many images."""
        return int(self.members.sum())


def find_slices(labels: Labels, *, bin_years: int, min_slice: int) -> list[Slice]:
    """Returns the slices that hold at least `min_slice` images, both genders' bins first."""
    starts = np.where(labels.has_age, labels.age, -1.0) // bin_years * bin_years
    whole = np.ones(len(starts), dtype=np.bool_)
    genders = {None: whole, FEMALE: labels.gender == FEMALE, MALE: labels.gender == MALE}
    found = [
        Slice(gender, int(start), int(start) + bin_years, (starts == start) & chosen)
        for gender, chosen in genders.items()
        for start in np.unique(starts[labels.has_age])
    ]
    return [slice_ for slice_ in found if slice_.n >= min_slice]


def slice_measure(labels: Labels, slices: Sequence[Slice]) -> Measure[Key]:
    """Returns the measure of each slice's figures, as far as the model has the heads."""
    rows = [slice_.members for slice_ in slices]
    members = np.array(rows, dtype=np.bool_).reshape(-1, len(labels.id))

    def measure(model: Estimates, weights: Floats | None) -> Mapping[Key, Floats]:
        counts = np.ones(len(labels.id)) if weights is None else weights
        found: dict[Key, Floats] = {}
        if model.age is not None:
            absolute = np.abs(errors(labels.age, model.age))
            found |= _means("mae", absolute, members, labels.has_age, counts)
        if model.gender is not None:
            right = (labels.gender == model.gender).astype(np.float64)
            found |= _means("gender_accuracy", right, members, labels.has_gender, counts)
        return found

    return measure


def _means(
    figure: str,
    values: Floats,
    members: NDArray[np.bool_],
    known: NDArray[np.bool_],
    counts: Floats,
) -> dict[Key, Floats]:
    """Returns the weighted means of the slices all of whose images are known.

    Where a resample drew none of a slice, all models have 0 there, and no difference.
    """
    inside = members.astype(np.float64)
    totals = counts @ inside.T
    sums = counts @ (inside * np.where(known, values, 0.0)).T
    means = sums / np.where(totals > 0, totals, 1.0)
    whole = np.flatnonzero(~(members & ~known).any(axis=1))
    return {(figure, int(row)): means[..., row] for row in whole}
