"""How much a set of images says where some are near-duplicates of others, and of a share from it.

Copies of one photo are right or wrong together, so that ten of them are no ten observations.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from visage.estimates import Floats, Ints


def n_independent(group: Ints, members: NDArray[np.bool_]) -> int:
    """Returns how many images are left where near-duplicates count once."""
    return len(np.unique(group[members]))


def n_effective(group: Ints) -> float:
    """Returns so many independent images as would tell a mean as exactly; `group`: (N,).

    N / deff, with Kish's design effect (Kish 1965, section 5.4) of groups whose images are all
    alike: N² / Σ m², m being the groups' sizes. N where none has near-duplicates.
    """
    sizes = np.unique(group, return_counts=True)[1].astype(np.float64)
    return float(sizes.sum() ** 2 / (sizes**2).sum()) if len(sizes) else 0.0


def share_interval(share: Floats, n: Floats, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Returns the ends of an exact interval of a share of n images (Clopper & Pearson 1934).

    Where images have near-duplicates, n is the effective one (Korn & Graubard 1998).

    Args:
        share: 0 to 1, (S,).
        n: 1 or more, whole or not, (S,).
        level: of the interval.
    """
    tail, held = (1 - level) / 2, share * n
    low = np.where(share > 0, beta.ppf(tail, held, n - held + 1), 0.0)
    high = np.where(share < 1, beta.ppf(1 - tail, held + 1, n - held), 1.0)
    return low, high
