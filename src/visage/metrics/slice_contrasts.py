"""Where two sides differ: the slices of the evaluation, and both genders' age bins.

Each slice has its MAE and its share of right genders; a slice some of whose images lack the label
has no such figure. A slice is resampled by its own groups: among those of the whole part a resample
may draw none of a small slice, and the interval would count other images than the slice has.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from visage.estimates import Estimates, Floats, Labels
from visage.metrics.age import errors
from visage.metrics.averages import average
from visage.metrics.paired import Difference, Measure, differences
from visage.metrics.slices import Members, Slice

FIGURES: Final = ("mae", "gender_accuracy")
Key = tuple[str, int]  # a figure, and the slice's position


def slice_differences(
    labels: Labels,
    slices: Sequence[Slice],
    a: Sequence[Estimates],
    b: Sequence[Estimates],
    **bootstrap: Any,
) -> dict[Key, Difference]:
    """Returns the figures of sides a and b in each slice, with the interval of b - a.

    Args:
        labels: the truth.
        slices: of the images.
        a: estimates of the first side's models, which differ by the seed.
        b: of the second side's.
        bootstrap: resamples, level and seed, as in `differences`.
    """
    found = [
        differences(_measure(labels, one.members), a, b, labels.group[one.members], **bootstrap)
        for one in slices
    ]
    return {(name, row): of[name] for name in FIGURES for row, of in enumerate(found) if name in of}


def _measure(labels: Labels, members: Members) -> Measure[str]:
    """Returns the measure of a slice's figures, as far as the model has the heads.

    Its weights are of the slice's images, (R, n).
    """

    def measure(model: Estimates, weights: Floats | None) -> Mapping[str, Floats]:
        found: dict[str, Floats] = {}
        if model.age is not None and labels.has_age[members].all():
            absolute = np.abs(errors(labels.age[members], model.age[members]))
            found["mae"] = average(absolute, weights)
        if model.gender is not None and labels.has_gender[members].all():
            right = labels.gender[members] == model.gender[members]
            found["gender_accuracy"] = average(right.astype(np.float64), weights)
        return found

    return measure
