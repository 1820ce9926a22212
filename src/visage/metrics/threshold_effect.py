"""What the fitted gender threshold gives beyond one half, with its interval."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from visage.estimates import Estimates, Floats, Ints, Labels
from visage.metrics.bootstrap import Measure, percentile_intervals
from visage.metrics.gender import macro_f1


def threshold_gains(
    labels: Labels, estimates: Estimates, cross_fitted: Ints | None
) -> Measure[str]:
    """Returns what measures the gain in macro F1 over the threshold one half, on resamples.

    `fitted` is the decision's threshold, from the calibration part. `cross_fitted` is the rule that
    finds it, applied to this part: each image is decided by a threshold that neither it nor a
    near-duplicate of it helped to find. Without genders there is no gain.

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
        without = macro_f1(gender, half[known], own)
        return {name: macro_f1(gender, one, own) - without for name, one in found.items()}

    return gains


def threshold_effect(
    gains: Measure[str], draws: Mapping[str, Floats], *, n: int, level: float
) -> dict[str, Any]:
    """Returns each gain with its interval.

    Args:
        gains: of `threshold_gains`.
        draws: each gain on each resample, (R,).
        n: the number of images.
        level: of the intervals.
    """
    point = gains(np.ones((1, n)))
    return {
        name: {"gain": float(point[name][0]), "low": low, "high": high}
        for name, (low, high) in percentile_intervals(draws, level=level).items()
    }
