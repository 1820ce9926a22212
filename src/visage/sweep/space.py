"""A search space in Optuna's words, and its corners as points that can be checked beforehand.

Choices stand in Optuna's storage as JSON text: it keeps no lists, and takes `true` and 1 for equal.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any, Final

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from visage.sweep.points import Point
from visage.sweep.tuning import Dimension

MOST_CORNERS: Final = 512  # about a second; what lies beyond, a trial's own guard checks


def distributions(space: Mapping[str, Dimension]) -> dict[str, BaseDistribution]:
    """Returns each parameter's distribution under its dotted name."""
    return {name: _distribution(dimension) for name, dimension in space.items()}


def values_of(space: Mapping[str, Dimension], drawn: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what Optuna has drawn as values of params.yaml."""
    return {
        name: json.loads(drawn[name]) if dimension.choices is not None else drawn[name]
        for name, dimension in space.items()
    }


def corners(
    space: Mapping[str, Dimension], base: Mapping[str, Any], *, name: str
) -> Iterator[Point]:
    """Yields the points whose numbers are all at an end, with every choice, on top of `base`."""
    ends = [_ends(dimension) for dimension in space.values()]
    for values in islice(product(*ends), MOST_CORNERS):
        chosen = dict(zip(space, values, strict=True))
        told = ", ".join(f"{key}={value}" for key, value in chosen.items())
        yield Point(f"{name} at {told}", {**base, **chosen})


def _ends(dimension: Dimension) -> list[Any]:
    return [dimension.low, dimension.high] if dimension.choices is None else dimension.choices


def _distribution(dimension: Dimension) -> BaseDistribution:
    if dimension.choices is not None:
        return CategoricalDistribution([json.dumps(choice) for choice in dimension.choices])
    low, high, step = dimension.low, dimension.high, dimension.step
    assert low is not None
    assert high is not None, "the file's check"
    if dimension.whole:
        return IntDistribution(int(low), int(high), log=dimension.log, step=int(step or 1))
    return FloatDistribution(float(low), float(high), log=dimension.log, step=step)
