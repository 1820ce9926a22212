"""Scheme `inverse`: every age bin is drawn equally often, a rare one's few images again and again.

The usual inverse class frequency (He & Garcia, "Learning from Imbalanced Data", 2009).
"""

import numpy as np
from numpy.typing import NDArray

from visage.data.scheme import Labels, group_sizes
from visage.params.weights import Weights


def weigh(labels: Labels, _params: Weights) -> NDArray[np.float64]:
    """Returns 1/n for each image; n: the images in its age bin."""
    return 1.0 / group_sizes(labels.age_bin)
