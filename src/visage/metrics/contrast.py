"""Two sides compared: headline figures, slices, and the images whose estimates changed most.

The slices are many, so some of their intervals exclude 0 by chance: they say where to look, not
what was found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from visage.estimates import Estimates, Floats, Labels
from visage.metrics.headlines import headline_differences
from visage.metrics.paired import Difference
from visage.metrics.slice_contrasts import slice_differences
from visage.metrics.slices import Slice, find_slices
from visage.metrics.traits import Traits

LOWER_IS_BETTER: Final = ("mae", "rmse")
Side = Sequence[Estimates]  # of models that differ by the seed, of the same images


@dataclass(frozen=True)
class Settings:
    """Of bootstrap and slices, as in the section `evaluate`; `top`: how many images are named."""

    resamples: int
    level: float
    seed: int
    age_bin_years: int
    min_slice: int
    top: int


@dataclass(frozen=True, eq=False)
class SliceDifference:
    """`figure` is mae or gender_accuracy."""

    slice: Slice
    figure: str
    difference: Difference


@dataclass(frozen=True)
class Change:
    """An image's label (None: not known) and both sides' estimates, means over their models.

    Ages in years; of genders, the label is the code, and the estimates are probabilities of male.
    """

    id: str
    label: float | None
    a: float
    b: float


@dataclass(frozen=True, eq=False)
class Contrast:
    """All that is said of two sides; `slices` holds every one that was looked at."""

    figures: Mapping[str, Difference]
    slices: Sequence[SliceDifference]
    ages: Sequence[Change]
    genders: Sequence[Change]


def is_better(figure: str, difference: Difference) -> bool:
    """Returns whether b has the better figure."""
    return (difference.value < 0) == (figure in LOWER_IS_BETTER)


def contrast(
    labels: Labels, a: Side, b: Side, *, settings: Settings, traits: Traits | None = None
) -> Contrast:
    """Returns how the models of side b differ from those of side a; `traits` cut more slices."""
    years, least = settings.age_bin_years, settings.min_slice
    found = find_slices(labels, traits, bin_years=years, min_slice=least)
    bootstrap: dict[str, Any] = {
        "resamples": settings.resamples,
        "level": settings.level,
        "seed": settings.seed,
    }
    by_slice = slice_differences(labels, found, a, b, **bootstrap)
    return Contrast(
        figures=headline_differences(labels, a, b, **bootstrap),
        slices=[SliceDifference(found[row], name, of) for (name, row), of in by_slice.items()],
        ages=age_changes(labels, a, b)[: settings.top],
        genders=gender_changes(labels, a, b)[: settings.top],
    )


def age_changes(labels: Labels, a: Side, b: Side) -> list[Change]:
    """Returns the images by how far their estimated ages lie apart, the farthest first."""
    truth = labels.age, labels.has_age
    return _changes(labels, [m.age for m in a], [m.age for m in b], truth=truth)


def gender_changes(labels: Labels, a: Side, b: Side) -> list[Change]:
    """Returns the images by how far their probabilities of male lie apart."""
    told = [[model.male_probability for model in side] for side in (a, b)]
    return _changes(labels, *told, truth=(labels.gender, labels.has_gender))


def _changes(
    labels: Labels,
    a: Sequence[Floats | None],
    b: Sequence[Floats | None],
    *,
    truth: tuple[NDArray[np.generic], NDArray[np.bool_]],
) -> list[Change]:
    """Returns all images, ties by id; none where a model has no such head."""
    sides = [[said for said in side if said is not None] for side in (a, b)]
    if len(sides[0]) < len(a) or len(sides[1]) < len(b):
        return []
    before, after = (np.mean(side, axis=0) for side in sides)
    rows = sorted(
        range(len(labels.id)), key=lambda row: (-abs(after[row] - before[row]), labels.id[row])
    )
    values, known = truth
    return [
        Change(
            str(labels.id[row]),
            float(values[row]) if known[row] else None,
            float(before[row]),
            float(after[row]),
        )
        for row in rows
    ]
