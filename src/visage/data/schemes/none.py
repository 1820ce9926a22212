"""Scheme `none`: every image is drawn equally often."""

import numpy as np
from numpy.typing import NDArray


def weigh(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Returns 1 for each image; `counts`: images in its age bin."""
    return np.ones(len(counts))
