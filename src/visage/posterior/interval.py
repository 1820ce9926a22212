"""How far the true age may be from the estimate: conformalized quantiles by predicted age.

An interval begins as the posterior's own quantiles, so that a blurred face gets a wider one than a
clear face, and is then moved outward (or inward) by a margin that the calibration part sets
(Romano, Patterson & Candès 2019, "Conformalized quantile regression"). The margin is fitted for
each group of predicted ages by itself (Mondrian conformal prediction; Vovk et al. 2005, section
4.5): one margin for all holds its promise on average only, and fails the old, who are few.
Measured: docs/experiments, 2026-11-22-age-intervals.md.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from visage.estimates import AgeBounds, Floats, Ints
from visage.posterior.age import mean_age, quantile
from visage.posterior.decision import AgeIntervals, AgeLevel

GROUP_YEARS: Final = 10.0  # groups begin as decades of predicted age
_ROUNDING: Final = 1e-9  # 100 * 0.07 is 7.000000000000001, and is meant as 7


def fit_intervals(
    ages: Floats, posterior: Floats, *, coverages: Sequence[float], shown: float, min_group: int
) -> AgeIntervals:
    """Returns the intervals that promise `coverages`.

    Where a group has too few images for a promise (fewer than 9 for 0.9), decades are joined; where
    all images together are too few, the level says the coverage that it can promise: N / (N + 1).

    Args:
        ages: true, years, (N,).
        posterior: (N, A), rows sum to 1.
        coverages: rising, each in (0, 1).
        shown: the one of `coverages` that the headline takes.
        min_group: number of images that a group needs at least.
    """
    predicted = mean_age(posterior)
    needed = max(min_group, *(_needed(coverage) for coverage in coverages))
    edges = group_edges(predicted, needed=needed)
    groups = _group(predicted, edges)
    levels = [_level(ages, posterior, predicted, groups, coverage) for coverage in coverages]
    return AgeIntervals(edges, tuple(levels), shown=tuple(coverages).index(shown))


def age_bounds(posterior: Floats, intervals: AgeIntervals) -> tuple[AgeBounds, ...]:
    """Returns the ends of each level's interval for the posteriors (N, A), years.

    An interval holds the estimate itself and all narrower levels' intervals: both only widen it, so
    the promise stands. It is cut at the ends of the age grid.
    """
    age, last = mean_age(posterior), posterior.shape[1] - 1.0
    group = _group(age, intervals.edges_years)
    low = high = age
    found = []
    for level in intervals.levels:
        margin = np.asarray(level.margins_years)[group]
        ends = _quantiles(posterior, level.coverage)
        low, high = np.minimum(low, ends[0] - margin), np.maximum(high, ends[1] + margin)
        half = level.half_width_years
        found.append(
            AgeBounds(
                coverage=level.coverage,
                low=np.maximum(low, 0.0),
                high=np.minimum(high, last),
                constant_low=np.maximum(age - half, 0.0),
                constant_high=np.minimum(age + half, last),
            )
        )
    return tuple(found)


def group_edges(predicted: Floats, *, needed: int) -> tuple[float, ...]:
    """Returns the ages between groups: decades, joined upward until each has `needed` images."""
    decades = np.floor(predicted / GROUP_YEARS).astype(np.int64)
    edges, waiting = [], 0
    for decade, count in enumerate(np.bincount(decades)):
        waiting += int(count)
        if waiting >= needed:
            edges.append((decade + 1) * GROUP_YEARS)
            waiting = 0
    return tuple(edges[:-1])  # the last group takes what is left above it


def spread(residuals: Floats) -> float:
    """Returns the root mean square of the residuals, years."""
    return float(np.sqrt(np.mean(residuals**2)))


def _level(
    ages: Floats, posterior: Floats, predicted: Floats, groups: Ints, coverage: float
) -> AgeLevel:
    n = len(ages)
    promised = coverage if _rank(n, coverage) <= n else n / (n + 1)
    low, high = _quantiles(posterior, promised)
    outside = np.maximum(low - ages, ages - high)  # negative: inside
    margins = [_conformal(outside[groups == group], promised) for group in range(groups.max() + 1)]
    return AgeLevel(
        coverage=promised,
        margins_years=tuple(margins),
        half_width_years=_conformal(np.abs(ages - predicted), promised),
    )


def _quantiles(posterior: Floats, coverage: float) -> tuple[Floats, Floats]:
    tail = (1 - coverage) / 2
    return quantile(posterior, tail), quantile(posterior, 1 - tail)


def _conformal(scores: Floats, coverage: float) -> float:
    """Returns the ceil((N + 1) * coverage)-th smallest score."""
    return float(np.sort(scores)[_rank(len(scores), coverage) - 1])


def _rank(n: int, coverage: float) -> int:
    return math.ceil((n + 1) * coverage - _ROUNDING)


def _needed(coverage: float) -> int:
    """Returns the smallest number of images that can promise the coverage."""
    return math.ceil(coverage / (1 - coverage) - _ROUNDING)


def _group(predicted: Floats, edges: Sequence[float]) -> Ints:
    found: Ints = np.searchsorted(np.asarray(edges), predicted, side="right").astype(np.int64)
    return found
