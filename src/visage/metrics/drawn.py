"""Which resamples a figure is defined on: those that drew images that it needs.

With few labelled images some resamples hold none of them, no women, or one age alone. A mean, an F1
and a coefficient of determination are not defined there; they are NaN on those resamples, and an
interval leaves them out (bootstrap.interval). What the part itself lacks no resample can miss.
"""

import numpy as np
from numpy.typing import NDArray

from visage.metrics.averages import Array, Floats

Bools = NDArray[np.bool_]


def drew_some(weights: Floats, members: Array) -> Bools:
    """Returns which resamples, (..., N), hold one of the members, (N,)."""
    held: Bools = weights @ members.astype(np.float64) > 0
    return held


def drew_genders(weights: Floats, gender: Array) -> Bools:
    """Returns which resamples hold all genders that occur among the images, (N,)."""
    held = [drew_some(weights, gender == code) for code in np.unique(gender)]
    return np.asarray(np.all(held, axis=0))


def drew_ages(weights: Floats, age: Array) -> Bools:
    """Returns which resamples hold two ages, or any where all images, (N,), have one."""
    least = np.where(weights > 0, age, np.inf).min(axis=-1)
    most = np.where(weights > 0, age, -np.inf).max(axis=-1)
    held: Bools = least < most if age.min() < age.max() else least <= most
    return held
