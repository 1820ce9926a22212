"""How certain a figure is: percentile intervals by resampling whole groups of near-duplicates.

Copies of one photo are not independent; resampled one by one they would make the intervals too
narrow (Field & Welsh 2007 on cluster bootstrap). A resample is a row of weights, so nothing is
copied, and a block of resamples is measured at once.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from visage.metrics.averages import Array, Floats

_BLOCK = 2_000_000  # weights held at once, 16 MB, however many images there are

Measure = Callable[[Floats], Mapping[str, Floats]]  # weights (R, N) to figures (R,)


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


def percentile_intervals(
    measure: Measure, group: Array, *, resamples: int, level: float, seed: int
) -> dict[str, tuple[float, float]]:
    """Returns for each figure the ends of its interval (Efron & Tibshirani 1993, ch. 13).

    Args:
        measure: from weights (R, N) to named figures, (R,) each.
        group: of each image, (N,).
        resamples: how many.
        level: share of resampled figures inside the interval, such as 0.95.
        seed: of the draws.
    """
    blocks = [measure(w) for w in resample_weights(group, resamples=resamples, seed=seed)]
    ends = ((1 - level) / 2, (1 + level) / 2)
    found = {}
    for name in blocks[0]:
        low, high = np.quantile(np.concatenate([block[name] for block in blocks]), ends)
        found[name] = (float(low), float(high))
    return found
