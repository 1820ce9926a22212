"""Scheme `joint`: every cell of age bin and gender is drawn equally often.

`inverse` leaves the genders of a bin as uneven as they are; among the oldest faces they are most
uneven. The price is smaller groups: see `weights.max_ratio`.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from visage.data.scheme import Labels, group_sizes
from visage.params.weights import Weights

WEIGHS_GENDER: Final = True  # so the loss must not do it once more


def weigh(labels: Labels, _params: Weights) -> NDArray[np.float64]:
    """Returns 1/n for each image; n: the images of its age bin and gender."""
    return 1.0 / group_sizes(labels.age_bin, labels.gender)
