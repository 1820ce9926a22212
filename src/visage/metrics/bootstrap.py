"""How certain a figure is: percentile intervals by resampling whole groups of near-duplicates.

Copies of one photo are not independent; resampled one by one they would make the intervals too
narrow (Field & Welsh 2007 on cluster bootstrap). A resample is a row of weights, so nothing is
copied, and a block of resamples is measured at once.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np

from visage.metrics.averages import Array, Floats

_BLOCK = 2_000_000  # weights held at once, 16 MB, however many images there are

K = TypeVar("K", bound=Hashable)
Measure = Callable[[Floats], Mapping[K, Floats]]  # weights (R, N) to figures (R,) or (R, S)


def resample_weights(group: Array, *, resamples: int, seed: int) -> Iterator[Floats]:
    """Gives blocks of weights, (R, N), `resamples` rows in all.

    In each row as many groups as there are were drawn with replacement; an image's weight is how
    often its group was drawn.
    """
    generator = np.random.default_rng(seed)
    _, members = np.unique(group, return_inverse=True)
    n_groups = int(members.max()) + 1
    block = max(1, _BLOCK // len(group))
    for start in range(0, resamples, block):
        rows = min(block, resamples - start)
        draws = generator.integers(n_groups, size=(rows, n_groups))
        flat = (draws + n_groups * np.arange(rows)[:, None]).ravel()
        counts = np.bincount(flat, minlength=rows * n_groups).reshape(rows, n_groups)
        yield counts.astype(np.float64)[:, members]


def resampled(
    measures: Sequence[Measure[K]], group: Array, *, resamples: int, seed: int
) -> list[dict[K, Floats]]:
    """Returns each measure's figures on each resample, `resamples` rows.

    All are measured on the same draws, which are made once: drawing takes as long as measuring.
    """
    blocks: list[list[Mapping[K, Floats]]] = [[] for _ in measures]
    for weights in resample_weights(group, resamples=resamples, seed=seed):
        for found, measure in zip(blocks, measures, strict=True):
            found.append(measure(weights))
    return [
        {name: np.concatenate([block[name] for block in found]) for name in found[0]}
        for found in blocks
    ]


def percentile_intervals(
    draws: Mapping[str, Floats], *, level: float
) -> dict[str, tuple[float, float]]:
    """Returns for each figure the ends of its interval (Efron & Tibshirani 1993, ch. 13).

    Args:
        draws: each figure on each resample, (R,).
        level: share of them inside the interval, such as 0.95.
    """
    tails = ((1 - level) / 2, (1 + level) / 2)
    ends = {name: np.quantile(figure, tails) for name, figure in draws.items()}
    return {name: (float(low), float(high)) for name, (low, high) in ends.items()}
