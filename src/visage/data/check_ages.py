"""Ages that occur suspiciously often: people round, and forms have default values.

A spike is an age with far more images than the two ages on either side: more than 1.5 times their
mean, and beyond four standard deviations of a Poisson count, so that a thin age does not spike by
chance (of 100 ages without heaping less than one in a hundred runs shows one). Heaping on fives and
tens is measured by Whipple's index (United Nations Demographic Yearbook: 100 is none, 500 is all).
Only ages that are known exactly count, by whole years: 0.5 is 0.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from visage.estimates import Floats, Ints

RATIO = 1.5  # to the mean of the neighbours
DEVIATIONS = 4.0  # of a Poisson count
REACH = 2  # ages on either side
WHIPPLE_FIRST, WHIPPLE_LAST = 23, 62  # inclusive: the ages of the index, 8 multiples of five in 40
WHIPPLE_MULTIPLE = 5


@dataclass(frozen=True, slots=True)
class Spike:
    """An age, its number of images, and how many the ages around it make one expect."""

    age: int
    n: int
    expected: float


def age_counts(index: pd.DataFrame) -> Ints:
    """Returns the number of images of each age 0, 1, ..., the oldest; columns of `schema.INDEX`."""
    exact = index["age"].notna() & index["age_low"].eq(index["age_high"])
    ages = np.floor(index.loc[exact, "age"].to_numpy(np.float64)).astype(np.int64)
    return np.bincount(ages)


def spikes(counts: Ints) -> tuple[Spike, ...]:
    """Returns the ages that stand out, the largest surplus first; counts of 0, 1, ... years."""
    around = expected(counts)
    bound = np.maximum(RATIO * around, around + DEVIATIONS * np.sqrt(around + 1))
    found = np.flatnonzero(counts > bound)
    by_surplus = found[np.argsort(around[found] - counts[found], kind="stable")]
    return tuple(Spike(int(age), int(counts[age]), float(around[age])) for age in by_surplus)


def expected(counts: Ints) -> Floats:
    """Returns for each age the mean count of up to two ages on either side."""
    kernel = np.ones(2 * REACH + 1)
    kernel[REACH] = 0
    sums = np.convolve(counts, kernel)[REACH : REACH + len(counts)]
    neighbours = np.convolve(np.ones(len(counts)), kernel)[REACH : REACH + len(counts)]
    return np.asarray(sums / np.maximum(neighbours, 1), dtype=np.float64)


def whipple_index(counts: Ints) -> float | None:
    """Returns Whipple's index of the ages 23 to 62; None where there are none."""
    ages = np.arange(len(counts))
    adults = (ages >= WHIPPLE_FIRST) & (ages <= WHIPPLE_LAST)
    total = int(counts[adults].sum())
    if total == 0:
        return None
    heaped = int(counts[adults & (ages % WHIPPLE_MULTIPLE == 0)].sum())
    return 100.0 * WHIPPLE_MULTIPLE * heaped / total
