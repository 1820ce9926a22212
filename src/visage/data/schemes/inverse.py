"""Scheme `inverse`: every age bin is drawn equally often, a rare one's few images again and again.

The usual inverse class frequency (He & Garcia, "Learning from Imbalanced Data", 2009).
"""

import numpy as np
from numpy.typing import NDArray


def weigh(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Returns 1/n for each image; `counts`: the images n in its age bin."""
    return 1.0 / counts
