"""The headline figures: few, flat, one name each, for `dvc metrics diff` and MLflow.

`figures` takes weights, so that `details` gets every figure's interval from the same code. A figure
is taken over the images that have its label; a task whose label none of them has, has no figures.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from visage.estimates import Estimates, Labels
from visage.metrics.age import mae, r2, rmse, within_k
from visage.metrics.averages import Floats
from visage.metrics.gender import accuracy, macro_f1
from visage.metrics.harmonic import harmonic

DECIMALS = 4


def figures(
    labels: Labels, estimates: Estimates, weights: Floats | None = None
) -> dict[str, Floats]:
    """Returns the figures of the tasks that the estimates hold; harmonic needs both."""
    found: dict[str, Floats] = {}
    if estimates.age is not None and labels.has_age.any():
        age, told, counts = _known(labels.has_age, labels.age, estimates.age, weights)
        pair = age, told
        found |= {
            "rmse": rmse(*pair, counts),
            "mae": mae(*pair, counts),
            "r2": r2(*pair, counts),
            "within_3": within_k(*pair, counts, k=3),
            "within_5": within_k(*pair, counts, k=5),
            "within_10": within_k(*pair, counts, k=10),
        }
    if estimates.gender is not None and labels.has_gender.any():
        gender, said, counts = _known(labels.has_gender, labels.gender, estimates.gender, weights)
        found["gender_accuracy"] = accuracy(gender, said, counts)
        found["gender_f1"] = macro_f1(gender, said, counts)
    if "rmse" in found and "gender_f1" in found:
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
