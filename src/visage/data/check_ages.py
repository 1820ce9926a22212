"""Ages that occur suspiciously often: people round, and forms have default values.

A spike is an age with more than 1.5 times as many images as the two ages on either side have on
average, and more than chance explains: given all these images, a share of 1 in 5 of them at the
middle age is held against a binomial distribution (the exact conditional test of two Poisson means;
Przyborowski & Wilenski, Biometrika 1940). Heaping on fives and tens is measured by Whipple's index
(United Nations Demographic Yearbook: 100 is none, 500 is nothing else). Only ages that are known
exactly count, by whole years: 0.5 is 0.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binom

from visage.estimates import Floats, Ints

RATIO = 1.5  # to the mean of the neighbours
CHANCE = 1e-5  # of so many images; of 100 ages without heaping one in a thousand runs shows one
REACH = 2  # ages on either side
_KERNEL = np.array([1, 1, 0, 1, 1])
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
    if not len(counts):
        return ()
    around, n_around = expected(counts), _n_neighbours(len(counts))
    total = counts + around * n_around
    chance = binom.sf(counts - 1, np.rint(total), 1 / (n_around + 1))
    suspicious = (counts > RATIO * around) & (chance < CHANCE)
    found = np.flatnonzero(suspicious)
    by_surplus = found[np.argsort(around[found] - counts[found], kind="stable")]
    return tuple(Spike(int(age), int(counts[age]), float(around[age])) for age in by_surplus)


def expected(counts: Ints) -> Floats:
    """Returns for each age the mean count of up to two ages on either side."""
    sums = np.convolve(np.pad(counts, REACH), _KERNEL, mode="valid")
    return np.asarray(sums / np.maximum(_n_neighbours(len(counts)), 1), dtype=np.float64)


def whipple_index(counts: Ints) -> float | None:
    """Returns Whipple's index of the ages 23 to 62; None where there are none."""
    ages = np.arange(len(counts))
    adults = (ages >= WHIPPLE_FIRST) & (ages <= WHIPPLE_LAST)
    total = int(counts[adults].sum())
    if total == 0:
        return None
    heaped = int(counts[adults & (ages % WHIPPLE_MULTIPLE == 0)].sum())
    return 100.0 * WHIPPLE_MULTIPLE * heaped / total


def _n_neighbours(n: int) -> Ints:
    """Returns for each of `n` ages how many of the four ages around it there are."""
    ones = np.pad(np.ones(n, dtype=np.int64), REACH)
    return np.convolve(ones, _KERNEL, mode="valid")
