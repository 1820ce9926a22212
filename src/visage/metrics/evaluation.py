"""The headline figures: few, flat, one name each, for `dvc metrics diff` and MLflow.

`figures` takes weights, so that `details` gets every figure's interval from the same code. A figure
is taken over the images that have its label; a task whose label none of them has, has no figures.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from visage.estimates import Estimates, Labels
from visage.metrics.age import mae, r2, rmse, within_k
from visage.metrics.averages import Floats
from visage.metrics.gender import accuracy, macro_f1
from visage.metrics.harmonic import harmonic

DECIMALS = 4
_Figure = Callable[[Any, Any, Floats | None], Floats]  # truth, estimate, weights
_OF_AGE: Final[Mapping[str, _Figure]] = {
    "rmse": rmse,
    "mae": mae,
    "r2": r2,
    "within_3": partial(within_k, k=3),
    "within_5": partial(within_k, k=5),
    "within_10": partial(within_k, k=10),
}
_OF_GENDER: Final[Mapping[str, _Figure]] = {"gender_accuracy": accuracy, "gender_f1": macro_f1}
_OF_HARMONIC: Final = {"rmse", "gender_f1"}
FIGURES: Final = (*_OF_AGE, *_OF_GENDER, "harmonic")


def figures(
    labels: Labels,
    estimates: Estimates,
    weights: Floats | None = None,
    *,
    names: Collection[str] = FIGURES,
) -> dict[str, Floats]:
    """Returns those of the named figures whose tasks the estimates hold; harmonic needs both."""
    found: dict[str, Floats] = {}
    if estimates.age is not None and labels.has_age.any():
        known = _known(labels.has_age, labels.age, estimates.age, weights)
        found |= {name: of(*known) for name, of in _OF_AGE.items() if name in names}
    if estimates.gender is not None and labels.has_gender.any():
        known = _known(labels.has_gender, labels.gender, estimates.gender, weights)
        found |= {name: of(*known) for name, of in _OF_GENDER.items() if name in names}
    if found.keys() >= _OF_HARMONIC and "harmonic" in names:
        found["harmonic"] = harmonic(found["rmse"], found["gender_f1"])
    return found


def flat(labels: Labels, estimates: Estimates) -> dict[str, float | int]:
    """Returns the content of metrics/evaluate.json, four decimals; n: images with any label."""
    found = {
        name: round(float(value), DECIMALS) for name, value in figures(labels, estimates).items()
    }
    return {**found, "n": len(labels.id), **_partial(labels)}


def _partial(labels: Labels) -> dict[str, int]:
    """How many images have a label that not all have."""
    counts = {"n_age": int(labels.has_age.sum()), "n_gender": int(labels.has_gender.sum())}
    return {name: n for name, n in counts.items() if n < len(labels.id)}


def _known(
    known: NDArray[np.bool_], truth: Any, told: Any, weights: Floats | None
) -> tuple[Any, Any, Floats | None]:
    """Returns truth, estimate and weights of the images whose label is known."""
    if known.all():
        return truth, told, weights
    return truth[known], told[known], None if weights is None else weights[..., known]
