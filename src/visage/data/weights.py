"""How often the sampler draws each training image, from how common its age is.

A scheme (a module of `visage.data.schemes`, function `weigh`) turns the number of images in an
image's age bin into its weight. Weights have mean 1, so that a weight says how much more often
than without weighting an image is drawn.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.data.age_bins import UNKNOWN, age_bins

Scheme = Callable[[NDArray[np.int64]], NDArray[np.float64]]

SHARE_DECIMALS = 6  # the histogram is committed and compared by eye; the weights are exact


def sampling_weights(train: pd.DataFrame, *, age_bin_years: int, scheme: Scheme) -> pd.DataFrame:
    """Returns id and weight of each row, in the order of the rows; the weights have mean 1.

    Rows without an age form a bin of their own.
    """
    bins = age_bins(train["age"], years=age_bin_years)
    _, position, counts = np.unique(bins, return_inverse=True, return_counts=True)
    weights = scheme(counts[position])
    return pd.DataFrame({"id": train["id"], "weight": weights / weights.mean()})


def age_histogram(
    train: pd.DataFrame, *, weights: pd.DataFrame, age_bin_years: int
) -> pd.DataFrame:
    """Returns the share of each age bin before and after weighting, from 0 to the oldest.

    `weights` holds the rows of `train` in order. Empty bins are listed; rows without an age are
    left out.
    """
    bins = age_bins(train["age"], years=age_bin_years)
    known, weight = bins[bins != UNKNOWN], weights["weight"].to_numpy()[bins != UNKNOWN]
    counts, totals = np.bincount(known), np.bincount(known, weights=weight)
    starts = np.arange(len(counts), dtype=np.float64) * age_bin_years
    return pd.DataFrame(
        {
            "age_from": starts,
            "age_to": starts + age_bin_years,
            "n": counts,
            "share_before": (counts / counts.sum()).round(SHARE_DECIMALS),
            "share_after": (totals / totals.sum()).round(SHARE_DECIMALS),
        }
    )
