"""From probabilities and a decision to all that is said of an image.

The same few lines serve evaluation, the submission, and whoever applies a model to one photo.
"""

from dataclasses import replace

import numpy as np

from visage.estimates import Estimates, Floats
from visage.posterior.age import mean_age, median_age
from visage.posterior.decision import Baseline, Decision, DecisionError
from visage.posterior.gender import decide_gender, temper
from visage.posterior.interval import age_bounds

_HALF = 0.5


def estimate(
    posterior: Floats | None,
    male_probability: Floats | None,
    *,
    decision: Decision,
    familiarity: Floats | None = None,
) -> Estimates:
    """Returns the estimates of N images.

    Args:
        posterior: (N, A), rows sum to 1; None: no age head.
        male_probability: (N,), as the model gave it; None: no gender head.
        decision: fitted for the same model.
        familiarity: (N,); None: it was not measured. It changes no other estimate.

    Raises:
        DecisionError: the decision was fitted for a model with other heads.
    """
    estimates = Estimates(
        familiarity=familiarity,
        familiarity_limit=decision.familiarity_limit,
        unfamiliar_share=decision.unfamiliar_share,
    )
    if posterior is not None:
        estimates = _with_age(estimates, posterior, decision)
    if male_probability is not None:
        estimates = _with_gender(estimates, male_probability, decision)
    return estimates


def trivial(baseline: Baseline, n: int) -> Estimates:
    """Returns what the trivial predictor says of `n` images."""
    age, gender = baseline.age_years, baseline.gender
    return Estimates(
        age=None if age is None else np.full(n, age, dtype=np.float64),
        gender=None if gender is None else np.full(n, gender, dtype=np.int64),
    )


def _with_age(estimates: Estimates, posterior: Floats, decision: Decision) -> Estimates:
    intervals = decision.age_intervals
    if intervals is None:
        raise _mismatch("ages")
    bounds = age_bounds(posterior, intervals)
    shown = bounds[intervals.shown]
    return replace(
        estimates,
        age=mean_age(posterior),
        age_median=median_age(posterior),
        age_low=shown.low,
        age_high=shown.high,
        age_coverage=shown.coverage,
        age_bounds=bounds,
    )


def _with_gender(estimates: Estimates, raw: Floats, decision: Decision) -> Estimates:
    threshold, temperature = decision.gender_threshold, decision.gender_temperature
    if threshold is None or temperature is None:
        raise _mismatch("genders")
    probability = temper(raw, temperature=temperature)
    return replace(
        estimates,
        gender=decide_gender(probability, threshold=threshold),
        gender_at_half=decide_gender(probability, threshold=_HALF),
        male_probability=probability,
        male_probability_raw=raw,
    )


def _mismatch(what: str) -> DecisionError:
    return DecisionError(
        f"models/decision.json has nothing on {what}, but the model estimates them; "
        "run `dvc repro calibrate`"
    )
