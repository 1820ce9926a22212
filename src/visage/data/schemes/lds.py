"""Scheme `lds`, label distribution smoothing: a rare age between common ones is not taken as rare.

Yang et al., "Delving into Deep Imbalanced Regression", ICML 2021, section 3.1: the images of each
single year are counted, the counts are smoothed over neighbouring years (equation 1), and an
image weighs the inverse of its year's smoothed count. As in the authors' code there are no images
beyond the ends, and a root (`power` 0.5, their `sqrt_inv`) is taken before smoothing. Theirs
clips counts to 5 to 1000, which `weights.max_ratio` is for, and folds the kernel's cut-off tails
back into it; here the kernel is the plain Gaussian.
"""

import numpy as np
from numpy.typing import NDArray

from visage.data.age_bins import UNKNOWN
from visage.data.scheme import Labels
from visage.params.weights import Weights


def weigh(labels: Labels, params: Weights) -> NDArray[np.float64]:
    """Returns 1/d for each image; d: the smoothed count of its year, or of those without an age."""
    known = labels.age_bin != UNKNOWN
    years = np.floor(labels.age_years[known]).astype(np.int64)
    counts = np.bincount(years, minlength=1).astype(np.float64)
    kernel = gaussian(params.lds.kernel_years, sigma=params.lds.sigma_years)
    densities = np.full(len(known), float(np.sum(~known)) ** params.lds.power)
    densities[known] = smoothed(counts**params.lds.power, kernel)[years]
    return 1.0 / densities


def gaussian(size: int, *, sigma: float) -> NDArray[np.float64]:
    """Returns a kernel of `size` years, odd, symmetric, sum 1; sigma: years."""
    steps = np.arange(size) - size // 2
    heights = np.exp(-0.5 * (steps / sigma) ** 2)
    kernel: NDArray[np.float64] = heights / heights.sum()
    return kernel


def smoothed(counts: NDArray[np.float64], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the convolution of `counts`, (A,), with zeros beyond its ends: (A,)."""
    # numpy's mode "same" has the kernel's length where that is the longer one.
    start = len(kernel) // 2
    smooth: NDArray[np.float64] = np.convolve(counts, kernel)[start : start + len(counts)]
    return smooth
