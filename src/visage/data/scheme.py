"""What a sampling scheme is: a module of `data/schemes` with a function `weigh`.

It sees the labels of all training images at once and gives each image a positive weight, in a
scale of its own: `weights` caps them and sets their mean to 1. What a scheme does with rows that
lack a label is decided here: they are labelled `UNKNOWN`, a group like any other.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.data.age_bins import UNKNOWN, age_bins
from visage.params.weights import Weights


@dataclass(frozen=True)
class Labels:
    """The labels of N training images.

    age_years: (N,), NaN where unknown. age_bin: (N,), bins of `weights.age_bin_years`. gender:
    (N,) 0 = female, 1 = male. The last two are `UNKNOWN` where the label is.
    """

    age_years: NDArray[np.float64]
    age_bin: NDArray[np.int64]
    gender: NDArray[np.int64]


Scheme = Callable[[Labels, Weights], NDArray[np.float64]]


def labels_of(train: pd.DataFrame, *, age_bin_years: int) -> Labels:
    """Returns the labels in columns `age` and `gender`, in the order of the rows."""
    gender = train["gender"].to_numpy(dtype=np.float64, na_value=np.nan)
    return Labels(
        age_years=train["age"].to_numpy(dtype=np.float64, na_value=np.nan),
        age_bin=age_bins(train["age"], years=age_bin_years),
        gender=np.where(np.isnan(gender), UNKNOWN, gender).astype(np.int64),
    )


def group_sizes(*keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns how many images share an image's keys, (N,); keys: (N,) each."""
    rows = np.column_stack(keys)
    _, group, sizes = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    counts: NDArray[np.int64] = sizes[group.ravel()]
    return counts
