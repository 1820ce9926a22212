"""The mean over images, plain or weighted: what every metric is made of.

Each metric takes `weights`: None, or (..., N) with one weight an image. A bootstrap resample is a
row of weights, the number of times that each image was drawn, so that a figure and its interval
come from one formula, and a thousand resamples from one matrix product.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Array = NDArray[Any]  # (N,) numbers of any kind; computed with as float64


def average(values: Array, weights: Floats | None = None) -> Floats:
    """Returns the mean of `values`, (N,): a scalar, or one for each row of `weights`, (..., N)."""
    values = values.astype(np.float64, copy=False)
    if weights is None:
        plain: Floats = values.mean()
        return plain
    weighted: Floats = weights @ values / weights.sum(axis=-1)
    return weighted
