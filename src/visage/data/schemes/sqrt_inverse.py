"""Scheme `sqrt_inverse`: half-way between the data's own distribution and equal bins.

The square root keeps rare ages from being memorised (Mahajan et al., ECCV 2018, section 2.2).
"""

import numpy as np
from numpy.typing import NDArray


def weigh(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Returns 1/sqrt(n) for each image; `counts`: the images n in its age bin."""
    return 1.0 / np.sqrt(counts)
