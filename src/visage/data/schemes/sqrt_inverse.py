"""Scheme `sqrt_inverse`: half-way between the data's own distribution and equal bins.

The square root keeps rare ages from being memorised (Mahajan et al., ECCV 2018, section 2.2).
"""

import numpy as np
from numpy.typing import NDArray

from visage.data.scheme import Labels, group_sizes
from visage.params.weights import Weights


def weigh(labels: Labels, _params: Weights) -> NDArray[np.float64]:
    """Returns 1/sqrt(n) for each image; n: the images in its age bin."""
    return 1.0 / np.sqrt(group_sizes(labels.age_bin))
