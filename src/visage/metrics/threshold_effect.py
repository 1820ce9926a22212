"""What the fitted gender threshold gives beyond one half, with its interval."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from visage.estimates import Estimates, Floats, Ints, Labels
from visage.metrics.bootstrap import Measure, Scale, interval
from visage.metrics.drawn import drew_genders
from visage.metrics.gender import macro_f1
from visage.metrics.independent import n_effective


def threshold_gains(
    labels: Labels, estimates: Estimates, cross_fitted: Ints | None
) -> Measure[str]:
    """Returns what measures the gain in macro F1 over the threshold one half, on resamples.

    `fitted` is the decision's threshold, from the calibration part. `cross_fitted` is the rule that
    finds it, applied to this part: each image is decided by a threshold that neither it nor a
    near-duplicate of it helped to find. Without genders there is no gain; on a resample without one
    of the part's genders it is NaN.

    Args:
        labels: the truth.
        estimates: what is reported.
        cross_fitted: genders, (N,); None: too few images of a gender.
    """
    known = labels.has_gender
    gender, told = labels.gender[known], {"fitted": estimates.gender, "cross_fitted": cross_fitted}
    found = {name: genders[known] for name, genders in told.items() if genders is not None}
    half = estimates.gender_at_half
    if half is None or not known.any():
        return lambda _: {}

    def gains(weights: Floats) -> Mapping[str, Floats]:
        own = weights if known.all() else weights[:, known]
        without = np.where(drew_genders(own, gender), macro_f1(gender, half[known], own), np.nan)
        return {name: macro_f1(gender, one, own) - without for name, one in found.items()}

    return gains


def threshold_effect(
    gains: Measure[str], draws: Mapping[str, Floats], labels: Labels, *, level: float
) -> dict[str, Any]:
    """Returns each gain with its interval, whose ends are None where there is none.

    Args:
        gains: of `threshold_gains`.
        draws: each gain on each resample, (R,).
        labels: the truth.
        level: of the intervals.
    """
    group = labels.group[labels.has_gender]
    settings: dict[str, Any] = {
        "n_groups": len(np.unique(group)),
        "n_effective": n_effective(group),
        "level": level,
        "scale": Scale(-1.0, 1.0),
    }
    found = {}
    for name, gain in gains(np.ones((1, len(labels.id)))).items():
        low, high = interval(float(gain[0]), draws[name], **settings) or (None, None)
        found[name] = {"gain": float(gain[0]), "low": low, "high": high}
    return found
