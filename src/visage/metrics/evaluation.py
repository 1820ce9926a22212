"""The headline figures: few, flat, one name each, for `dvc metrics diff` and MLflow.

`figures` takes weights, so that every figure's interval comes from the same code. A figure is taken
over the images that have its label; a task whose label none of them has, has no figures.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from visage.estimates import Estimates, Labels
from visage.metrics.age import mae, r2, rmse, within_k
from visage.metrics.averages import Floats
from visage.metrics.bootstrap import ERROR, SCORE, SHARE, Scale, interval
from visage.metrics.drawn import drew_ages, drew_genders, drew_some
from visage.metrics.gender import accuracy, macro_f1
from visage.metrics.harmonic import harmonic
from visage.metrics.independent import n_effective, n_independent

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
_SCALES: Final = {"rmse": ERROR, "mae": ERROR, "r2": Scale(high=1.0)} | {
    name: SCORE if name in ("gender_f1", "harmonic") else SHARE for name in FIGURES[3:]
}


def figures(
    labels: Labels,
    estimates: Estimates,
    weights: Floats | None = None,
    *,
    names: Collection[str] = FIGURES,
) -> dict[str, Floats]:
    """Returns those of the named figures whose tasks the estimates hold; harmonic needs both.

    On a resample (a row of weights) without what a figure needs it is NaN (metrics.drawn).
    """
    found: dict[str, Floats] = {}
    if estimates.age is not None and labels.has_age.any():
        known = _known(labels.has_age, labels.age, estimates.age, weights)
        found |= _measured({name: of for name, of in _OF_AGE.items() if name in names}, *known)
    if estimates.gender is not None and labels.has_gender.any():
        known = _known(labels.has_gender, labels.gender, estimates.gender, weights)
        found |= _measured({name: of for name, of in _OF_GENDER.items() if name in names}, *known)
    if found.keys() >= _OF_HARMONIC and "harmonic" in names:
        found["harmonic"] = harmonic(found["rmse"], found["gender_f1"])
    return found


def flat(labels: Labels, estimates: Estimates) -> dict[str, float | int]:
    """Returns the content of metrics/evaluate.json, four decimals; n: images with any label."""
    found = {
        name: round(float(value), DECIMALS) for name, value in figures(labels, estimates).items()
    }
    return {**found, "n": len(labels.id), **_partial(labels)}


def figure_intervals(
    labels: Labels, estimates: Estimates, draws: Mapping[str, Floats], *, level: float
) -> dict[str, tuple[float, float] | None]:
    """Returns each figure's interval, or None (bootstrap.interval); `draws`: on each resample."""
    values, found = figures(labels, estimates), {}
    for name, drawn in draws.items():
        group = labels.group[measured_on(labels, name)]
        found[name] = interval(
            float(values[name]),
            drawn,
            n_groups=len(np.unique(group)),
            n_effective=n_effective(group),
            level=level,
            scale=_SCALES[name],
        )
    return found


def measured_on(labels: Labels, figure: str) -> NDArray[np.bool_]:
    """Returns the images, (N,), that a figure is taken over; for harmonic the rarer label's."""
    if figure in _OF_AGE:
        return labels.has_age
    if figure in _OF_GENDER:
        return labels.has_gender
    both = (labels.has_age, labels.has_gender)
    return min(both, key=lambda known: n_independent(labels.group, known))


def _measured(
    wanted: Mapping[str, _Figure], truth: Any, told: Any, weights: Floats | None
) -> dict[str, Floats]:
    if weights is None:
        return {name: of(truth, told, None) for name, of in wanted.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {name: of(truth, told, weights) for name, of in wanted.items()}
    some = drew_some(weights, np.ones(len(truth)))
    needed = {"r2": drew_ages, "gender_f1": drew_genders}
    defined = {name: needed[name](weights, truth) if name in needed else some for name in found}
    return {name: np.where(defined[name], values, np.nan) for name, values in found.items()}


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
