"""How a part is cut into slices: by gender, by age, by both, and by what else is known of images.

Ages and numbers are cut half-open, [low, high). Numbers are cut at their terciles among the images
that are cut, rounded to one decimal first, so that what is printed is what was cut. Where all
images have the same value there is nothing to tell apart, and so no slice. Near-duplicates count
once towards the least size: ten copies of a photo are one observation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visage.codes import FEMALE, MALE
from visage.estimates import Floats, Labels
from visage.metrics.independent import n_independent
from visage.metrics.traits import Traits, Words

Members = NDArray[np.bool_]  # (N,)

_TERCILES = (1 / 3, 2 / 3)


class Factor(StrEnum):
    """What slices are told apart by."""

    AGE = "age"
    GENDER_AGE = "gender_age"
    GENDER = "gender"
    SOURCE = "source"
    RACE = "race"
    SHARPNESS = "sharpness"
    SIDE = "side"
    BRIGHTNESS = "brightness"


OF_LABELS: Final = (Factor.AGE, Factor.GENDER_AGE, Factor.GENDER)


@dataclass(frozen=True, eq=False)
class Slice:
    """Images that have something in common; None: that is not what they have in common.

    Attributes:
        factor: what it is.
        members: tells which images, (N,).
        gender: its code.
        value: a source's name or a race.
        low: the least age or number; high: the first one above it. None beside a None: open.
    """

    factor: Factor
    members: Members
    gender: int | None = None
    value: str | None = None
    low: float | None = None
    high: float | None = None

    @property
    def n(self) -> int:
        """How many images."""
        return int(self.members.sum())


def find_slices(
    labels: Labels, traits: Traits | None, *, bin_years: int, min_slice: int
) -> list[Slice]:
    """Returns the slices, factor by factor, that hold at least `min_slice` independent images."""
    every = every_slice(labels, traits, bin_years=bin_years)
    return [one for one in every if n_independent(labels.group, one.members) >= min_slice]


def every_slice(labels: Labels, traits: Traits | None, *, bin_years: int) -> list[Slice]:
    """Returns the slices, factor by factor, however small."""
    return [*_by_labels(labels, bin_years=bin_years), *(_by_traits(traits) if traits else ())]


def _by_labels(labels: Labels, *, bin_years: int) -> Iterator[Slice]:
    genders = {code: labels.gender == code for code in (FEMALE, MALE)}
    yield from _by_age(labels, Factor.AGE, None, bin_years)
    for code in genders:
        yield from _by_age(labels, Factor.GENDER_AGE, code, bin_years)
    if all(members.any() for members in genders.values()):
        for code, members in genders.items():
            yield Slice(Factor.GENDER, members, gender=code)


def _by_age(labels: Labels, factor: Factor, gender: int | None, bin_years: int) -> Iterator[Slice]:
    starts = np.where(labels.has_age, labels.age, -1.0) // bin_years * bin_years
    chosen = labels.has_age if gender is None else labels.has_age & (labels.gender == gender)
    for start in np.unique(starts[chosen]):
        low, members = int(start), (starts == start) & chosen
        yield Slice(factor, members, gender=gender, low=low, high=low + bin_years)


def _by_traits(traits: Traits) -> Iterator[Slice]:
    yield from _by_word(Factor.SOURCE, traits.source)
    yield from _by_word(Factor.RACE, traits.race)
    yield from _by_number(Factor.SHARPNESS, traits.sharpness)
    yield from _by_number(Factor.SIDE, traits.side)
    yield from _by_number(Factor.BRIGHTNESS, traits.brightness)


def _by_word(factor: Factor, words: Words) -> list[Slice]:
    values = sorted(set(words) - {""})
    found = [Slice(factor, words == value, value=value) for value in values]
    return found if len(found) > 1 else []


def _by_number(factor: Factor, numbers: Floats) -> list[Slice]:
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return []
    edges = np.unique(np.quantile(known, _TERCILES).round(1)).tolist()
    ranges = pairwise([None, *edges, None])
    found = [Slice(factor, _within(numbers, *ends), low=ends[0], high=ends[1]) for ends in ranges]
    held = [one for one in found if one.n]
    return held if len(held) > 1 else []


def _within(numbers: Floats, low: float | None, high: float | None) -> Members:
    """Returns which numbers lie in [low, high); one that is not known lies nowhere."""
    above = ~np.isnan(numbers) if low is None else numbers >= low
    return above if high is None else above & (numbers < high)
