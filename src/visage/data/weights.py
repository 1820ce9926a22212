"""How often the sampler draws each training image, from how common its labels are.

A scheme (a module of `visage.data.schemes`, function `weigh`) says how the weights relate; here
they are capped and get the mean 1, so that a weight says how much more often than without
weighting an image is drawn.
"""

import logging

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.data.age_bins import UNKNOWN, age_bins
from visage.data.scheme import Labels, Scheme, labels_of
from visage.params.weights import Weights

_log = logging.getLogger(__name__)

SHARE_DECIMALS = 6  # the histogram is committed and compared by eye; the weights are exact
# Three faces that any scheme weighs unevenly, unless it weighs nothing whatever the labels.
UNEVEN = Labels(np.array([1.0, 1.0, 50.0]), np.array([0, 0, 10]), gender=np.array([0, 0, 1]))


def sampling_weights(train: pd.DataFrame, *, scheme: Scheme, params: Weights) -> pd.DataFrame:
    """Returns id and weight of each row, in the order of the rows; the weights have mean 1.

    Warns where the scheme weighs all rows alike.
    """
    labels = labels_of(train, age_bin_years=params.age_bin_years)
    weights = capped(scheme(labels, params), max_ratio=params.max_ratio)
    if _even(weights) and not _even(scheme(UNEVEN, params)):
        _log.warning(_without_effect(labels, params))
    return pd.DataFrame({"id": train["id"], "weight": weights / weights.mean()})


def _even(weights: NDArray[np.float64]) -> bool:
    return bool((weights == weights[:1]).all())


def _without_effect(labels: Labels, params: Weights) -> str:
    """Returns the warning that a scheme changes nothing, with the cause and the remedy."""
    cause = "see weights.age_bin_years and weights.max_ratio"
    if np.isnan(labels.age_years).all():
        cause = "no training image has an age"
    return (
        f"WARNING: weights.scheme={params.scheme} is without effect: every image is drawn equally "
        f"often ({cause}); set weights.scheme=none"
    )


def capped(weights: NDArray[np.float64], *, max_ratio: float | None) -> NDArray[np.float64]:
    """Returns positive weights, none of them above `max_ratio` times the smallest; None: as is."""
    return weights if max_ratio is None else np.minimum(weights, max_ratio * weights.min())


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
