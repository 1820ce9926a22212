"""Conformal quantiles of scores that come in groups of near-duplicates.

Copies of one photo have about the same score; counted one by one they promise more than the sample
can keep. So each group weighs as one score, shared evenly by its images (hierarchical conformal
prediction; Dunn, Wasserman & Ramdas 2022, "Distribution-free prediction sets for two-layer
hierarchical models"; the weights are those of Lee, Barber & Willett 2023, "Distribution-free
inference with hierarchical data"). The promise is one on an image of a new group. Without
near-duplicates it is split conformal prediction (Vovk et al. 2005).
"""

import math
from dataclasses import dataclass

import numpy as np

from visage.estimates import Floats, Ints

ROUNDING = 1e-9  # 100 * 0.07 is 7.000000000000001, and is meant as 7


@dataclass(frozen=True, eq=False)
class Ranked:
    """Scores that rise, (N,), and how many groups' worth of scores there are up to each, (N,)."""

    scores: Floats
    ranks: Floats

    @property
    def n_groups(self) -> int:
        """How many groups they come from."""
        return round(float(self.ranks[-1]))


def ranked(scores: Floats, group: Ints) -> Ranked:
    """Returns N scores in order; `group`: of near-duplicates, (N,)."""
    _, members, sizes = np.unique(group, return_inverse=True, return_counts=True)
    order = np.argsort(scores, kind="stable")
    return Ranked(scores[order], np.cumsum(1 / sizes[members][order]))


def upper(scores: Floats, group: Ints, *, coverage: float) -> float:
    """Returns the least score with (G + 1) * coverage groups' worth of scores up to it.

    The score of an image of a new group is at most that with the probability `coverage` or more.

    Args:
        scores: (N,).
        group: of near-duplicates, (N,), G in all, `needed(coverage)` of them or more.
        coverage: in (0, 1).
    """
    found = ranked(scores, group)
    rank = (found.n_groups + 1) * coverage
    at = int(np.searchsorted(found.ranks, rank - ROUNDING))
    return float(found.scores[min(at, len(scores) - 1)])


def needed(coverage: float) -> int:
    """Returns the smallest number of groups that can promise the coverage."""
    return math.ceil(coverage / (1 - coverage) - ROUNDING)
