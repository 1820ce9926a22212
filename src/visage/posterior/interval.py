"""How far the true age may be from the estimate: conformalized quantiles by predicted age.

An interval begins as the posterior's own quantiles, so that a blurred face gets a wider one than a
clear face, and is then moved outward (or inward) by a margin that the calibration part sets
(Romano, Patterson & Candès 2019, "Conformalized quantile regression"). The margin is fitted for
each group of predicted ages by itself (Mondrian conformal prediction; Vovk et al. 2005, section
4.5): one margin for all holds its promise on average only, and fails the old, who are few.
Measured: docs/experiments, 2026-11-22-age-intervals.md. Near-duplicates count as one image between
them (posterior.conformal).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from visage.estimates import AgeBounds, Floats, Ints
from visage.posterior.age import mean_age, quantile
from visage.posterior.conformal import needed, upper
from visage.posterior.decision import AgeIntervals, AgeLevel

GROUP_YEARS: Final = 10.0  # groups begin as decades of predicted age


def fit_intervals(
    ages: Floats,
    posterior: Floats,
    group: Ints,
    *,
    coverages: Sequence[float],
    shown: float,
    min_group: int,
) -> AgeIntervals:
    """Returns the intervals that promise `coverages`.

    Where a group has too few images for a promise (fewer than 9 for 0.9), decades are joined; where
    all images together are too few, the level says the coverage that it can promise: N / (N + 1).
    Near-duplicates count once.

    Args:
        ages: true, years, (N,).
        posterior: (N, A), rows sum to 1.
        group: of near-duplicates, (N,).
        coverages: rising, each in (0, 1).
        shown: the one of `coverages` that the headline takes.
        min_group: number of images that a group needs at least, near-duplicates counted once.
    """
    predicted = mean_age(posterior)
    least = max(min_group, *(needed(coverage) for coverage in coverages))
    edges = group_edges(predicted, group, least=least)
    scored = _Scored(ages, posterior, predicted, group, _group(predicted, edges))
    levels = [_level(scored, coverage) for coverage in coverages]
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


def group_edges(predicted: Floats, group: Ints, *, least: int) -> tuple[float, ...]:
    """Returns the ages between groups: decades, joined upward until each has `least` images.

    Near-duplicates, those of one `group`, (N,), count once.
    """
    decades = np.floor(predicted / GROUP_YEARS).astype(np.int64)
    edges, waiting = [], np.empty(0, dtype=np.int64)
    for decade in range(int(decades.max()) + 1):
        waiting = np.union1d(waiting, group[decades == decade])
        if len(waiting) >= least:
            edges.append((decade + 1) * GROUP_YEARS)
            waiting = waiting[:0]
    return tuple(edges[:-1])  # the last group takes what is left above it


@dataclass(frozen=True, eq=False)
class _Scored:
    """N images of known age: their group of near-duplicates, and that of predicted ages, (N,)."""

    ages: Floats
    posterior: Floats
    predicted: Floats
    group: Ints
    by_age: Ints


def _level(images: _Scored, coverage: float) -> AgeLevel:
    n = len(np.unique(images.group))
    promised = coverage if n >= needed(coverage) else n / (n + 1)
    low, high = _quantiles(images.posterior, promised)
    outside = np.maximum(low - images.ages, images.ages - high)  # negative: inside
    by_age = [images.by_age == one for one in range(images.by_age.max() + 1)]
    return AgeLevel(
        coverage=promised,
        margins_years=tuple(
            upper(outside[rows], images.group[rows], coverage=promised) for rows in by_age
        ),
        half_width_years=upper(
            np.abs(images.ages - images.predicted), images.group, coverage=promised
        ),
    )


def _quantiles(posterior: Floats, coverage: float) -> tuple[Floats, Floats]:
    tail = (1 - coverage) / 2
    return quantile(posterior, tail), quantile(posterior, 1 - tail)


def _group(predicted: Floats, edges: Sequence[float]) -> Ints:
    found: Ints = np.searchsorted(np.asarray(edges), predicted, side="right").astype(np.int64)
    return found
