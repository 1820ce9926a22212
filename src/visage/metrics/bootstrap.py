"""How certain a figure is: percentile intervals by resampling whole groups of near-duplicates.

Copies of one photo are not independent; resampled one by one they would make the intervals too
narrow (Field & Welsh 2007 on cluster bootstrap). A resample is a row of weights, so nothing is
copied, and a block of resamples is measured at once.

Percentiles are too narrow where there are few groups, so they are widened as means of few values
ask for (Hesterberg 2015: the factor of the variance, and Student's t), 1.02 times for 100 groups.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, TypeVar

import numpy as np
from scipy.special import stdtrit

from visage.metrics.averages import Array, Floats
from visage.metrics.independent import share_interval

_BLOCK = 2_000_000  # weights held at once, 16 MB, however many images there are
_NOISE = 1e-9  # sums over images are exact to about 1e-12

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


@dataclass(frozen=True)
class Scale:
    """Where a figure may lie; `is_share`: it is the share of the images that have something."""

    low: float = -np.inf
    high: float = np.inf
    is_share: bool = False


SHARE: Final = Scale(0.0, 1.0, is_share=True)
SCORE: Final = Scale(0.0, 1.0)
ERROR: Final = Scale(low=0.0)


def interval(
    value: float,
    draws: Floats,
    *,
    n_groups: int,
    n_effective: float,
    level: float,
    scale: Scale,
) -> tuple[float, float] | None:
    """Returns the ends of a figure's interval (Efron & Tibshirani 1993, ch. 13), or None.

    A share of 0 or 1, which no resample can change, has the exact interval, however few the images;
    another figure that no resample moves from its scale's end has none, as where too few images
    have the label (`enough`).

    Args:
        value: the figure.
        draws: on each resample, (R,), NaN where it is not defined; these are left out.
        n_groups: of the images that it is taken over.
        n_effective: of these images (independent.n_effective).
        level: share of the resamples inside the interval, such as 0.95.
        scale: where the figure may lie.
    """
    at_end = value in (scale.low, scale.high)
    if at_end and scale.is_share:
        low, high = share_interval(np.array([value]), np.array([n_effective]), level=level)
        return float(low[0]), float(high[0])
    defined = draws[~np.isnan(draws)]
    if not enough(draws, n_groups=n_groups, level=level):
        return None
    if at_end and np.ptp(defined) <= _NOISE:
        return None
    widened = value + few(n_groups, level=level) * (quantiles(defined, level=level) - value)
    low, high = np.clip(widened, scale.low, scale.high)
    return float(low), float(high)


def enough(draws: Floats, *, n_groups: int, level: float) -> bool:
    """Returns whether two groups and a share `level` of the resamples, or more, have the figure.

    With more resamples missing, where an interval ends depends on what they would have said.
    """
    return n_groups > 1 and bool((~np.isnan(draws)).mean() >= level - _NOISE)


def quantiles(draws: Floats, *, level: float) -> Floats:
    """Returns the ends of what lies inside, (2,); with as much beyond them as `level` says.

    That is so of this kind of quantile also for few hundred resamples.
    """
    ends: Floats = np.quantile(draws, ((1 - level) / 2, (1 + level) / 2), method="weibull")
    return ends


def few(n_groups: int, *, level: float) -> float:
    """Returns how much wider an interval of a mean over so many values is than its quantiles."""
    freedom, tail = max(1, n_groups - 1), (1 + level) / 2
    student = float(stdtrit(freedom, tail)) / NormalDist().inv_cdf(tail)
    return student * float(np.sqrt((freedom + 1) / freedom))
