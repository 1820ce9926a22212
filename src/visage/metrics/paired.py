"""The difference between two sides, measured on the same images, with its interval.

A side is one model, or several that differ by the training seed only; its figure is the mean over
them. Resamples draw groups of images, the same ones for all models (paired), and, where a side has
several, its seeds, independently of the images, since every seed is measured on all of them
(hierarchical data: Davison & Hinkley 1997, section 3.8; crossed ones: Owen 2007). With one model a
side it is the paired bootstrap alone, and says nothing of other seeds.

Percentile intervals are widened for few groups, and resamples on which a figure is not defined are
left out, as in the evaluation (metrics.bootstrap).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic

import numpy as np

from visage.estimates import Estimates, Floats
from visage.metrics.averages import Array
from visage.metrics.bootstrap import K, enough, quantiles, resampled
from visage.metrics.seed_draws import drawn_shares, own_share, seed_part, stretch

Measure = Callable[[Estimates, Floats | None], Mapping[K, Floats]]  # weights as in `averages`


@dataclass(frozen=True)
class Difference:
    """The figures of both sides and the ends of the interval of b - a; None: too few images."""

    a: float
    b: float
    low: float | None
    high: float | None

    @property
    def value(self) -> float:
        """The second side's figure less the first one's."""
        return self.b - self.a

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval's ends, where there is one."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def is_shown(self) -> bool:
        """Whether there is an interval and it excludes 0."""
        if self.interval is None:
            return False
        low, high = self.interval
        return not low <= 0 <= high


@dataclass(frozen=True, eq=False)
class Drawn(Generic[K]):
    """The figures of one model, and each of them on R resamples of the images, (R,)."""

    plain: Mapping[K, Floats]
    draws: Mapping[K, Floats]


@dataclass(frozen=True, eq=False)
class _Side:
    """A figure of S models, (S,), on R resamples of the images, (S, R), and the seeds drawn."""

    plain: Floats
    resampled: Floats
    shares: Floats


def differences(
    measure: Measure[K],
    a: Sequence[Estimates],
    b: Sequence[Estimates],
    group: Array,
    *,
    resamples: int,
    level: float,
    seed: int,
    n_groups: Mapping[K, int] | None = None,
) -> dict[K, Difference]:
    """Returns both sides' values and the interval of each figure that all models have.

    Args:
        measure: from a model's estimates and weights, (R, N) or None, to named figures.
        a: estimates of the first side's models, of the same images in the same order.
        b: of the second side's.
        group: of each image, (N,).
        resamples: how many.
        level: of the intervals, such as 0.95.
        seed: of the draws.
        n_groups: of the images that each figure is taken over; None: all of them.
    """
    models = [*a, *b]
    measures = [partial(measure, model) for model in models]
    drawn = resampled(measures, group, resamples=resamples, seed=seed)
    found = [Drawn(measure(model, None), draws) for model, draws in zip(models, drawn, strict=True)]
    sides = found[: len(a)], found[len(a) :]
    every = len(np.unique(group))
    counts = dict.fromkeys(found[0].plain, every) if n_groups is None else n_groups
    return differences_of(*sides, n_groups=counts, level=level, seed=seed)


def differences_of(
    a: Sequence[Drawn[K]],
    b: Sequence[Drawn[K]],
    *,
    n_groups: Mapping[K, int],
    level: float,
    seed: int,
) -> dict[K, Difference]:
    """Returns what `differences` does, of models that were measured on the same resamples.

    Args:
        a: the first side's models.
        b: the second side's.
        n_groups: of the images that each figure is taken over.
        level: of the intervals.
        seed: of the draws of seeds.
    """
    models = [*a, *b]
    names = [name for name in models[0].plain if all(name in model.plain for model in models)]
    if not names:
        return {}
    resamples = len(models[0].draws[names[0]])
    generator = np.random.default_rng([seed, 1])  # not the stream that draws the images
    shares = [drawn_shares(len(s), resamples=resamples, generator=generator) for s in (a, b)]
    found = {}
    for name in names:
        sides = [_side(models, name, share) for models, share in zip((a, b), shares, strict=True)]
        found[name] = _difference(sides[0], sides[1], n_groups=n_groups[name], level=level)
    return found


def _side(models: Sequence[Drawn[K]], name: K, shares: Floats) -> _Side:
    plain = np.array([model.plain[name] for model in models], dtype=np.float64)
    return _Side(plain, np.array([model.draws[name] for model in models]), shares)


def _difference(a: _Side, b: _Side, *, n_groups: int, level: float) -> Difference:
    values = float(a.plain.mean()), float(b.plain.mean())
    value = values[1] - values[0]
    images = b.resampled.mean(axis=0) - a.resampled.mean(axis=0) - value
    if not enough(images, n_groups=n_groups, level=level):
        return Difference(*values, low=None, high=None)
    defined = ~np.isnan(images)
    images = images[defined] * np.sqrt(n_groups / (n_groups - 1))
    seeds = [
        seed_part(side.plain, side.resampled[:, defined], shares=side.shares[defined])
        for side in (a, b)
    ]
    draws = images + np.sqrt(own_share(seeds)) * (seeds[1].draws - seeds[0].draws)
    ends = quantiles(draws, level=level)
    low, high = value + stretch(images, seeds, n_groups=n_groups, level=level) * ends
    return Difference(*values, low=float(low), high=float(high))
