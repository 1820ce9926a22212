"""Where two sides differ: the slices of the evaluation, and both genders' age bins.

Each slice has its MAE and its share of right genders; a slice some of whose images lack the label
has no such figure.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from visage.estimates import Estimates, Floats, Labels
from visage.metrics.age import errors
from visage.metrics.paired import Measure
from visage.metrics.slices import Slice

Key = tuple[str, int]  # mae or gender_accuracy, and the slice's position


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
