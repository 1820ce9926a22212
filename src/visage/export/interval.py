"""`posterior.interval.age_bounds` as tensor arithmetic, for the level that the headline takes.

It stands alone because it follows every change of how intervals are made; its one test holds it
against the reference.
"""

import torch
from torch import Tensor

from visage.posterior.decision import AgeIntervals, AgeLevel


def age_interval(
    posterior: Tensor, age: Tensor, *, intervals: AgeIntervals
) -> tuple[Tensor, Tensor]:
    """Returns the lower and upper ends, years, (N,).

    posterior: (N, A), rows sum to 1; age: its mean, (N,).
    """
    low = high = age
    for level in intervals.levels[: intervals.shown + 1]:
        margin, tail = _margin(age, intervals, level), (1 - level.coverage) / 2
        low = torch.minimum(low, _quantile(posterior, tail) - margin)
        high = torch.maximum(high, _quantile(posterior, 1 - tail) + margin)
    return low.clamp(min=0.0), high.clamp(max=posterior.shape[1] - 1.0)


def _margin(age: Tensor, intervals: AgeIntervals, level: AgeLevel) -> Tensor:
    """Returns the margin of each image's group, (N,)."""
    first, *rest = level.margins_years
    margin = torch.full_like(age, first)
    for edge, of_group in zip(intervals.edges_years, rest, strict=True):
        margin = torch.where(age >= edge, of_group, margin)
    return margin


def _quantile(posterior: Tensor, share: float) -> Tensor:
    """Returns the age at which the cumulative probability reaches `share`, years, (N,)."""
    cumulative = posterior.cumsum(dim=1)
    before = (cumulative < share).sum(dim=1, keepdim=True)
    reached = before.clamp(max=posterior.shape[1] - 1)
    after, mass = cumulative.gather(1, reached), posterior.gather(1, reached)
    return (reached + 0.5 - (after - share) / mass)[:, 0]
