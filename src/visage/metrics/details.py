"""All that is known of a model's quality beyond the headline: the content of metrics/details.json.

Every number stands beside n, the part, the seed and the hash of the labels that it was measured
on. What needs a head that the model does not have is left out.
"""

from collections.abc import Sequence
from functools import partial
from operator import itemgetter
from typing import Any

import numpy as np

from visage.estimates import Estimates, Labels
from visage.files.hashes import sha256_json
from visage.metrics.age import balanced_mae, mae, mean_error
from visage.metrics.bootstrap import percentile_intervals
from visage.metrics.evaluation import DECIMALS, figures, flat
from visage.metrics.gender import (
    accuracy,
    calibration_error,
    classification_report,
    confusion,
    macro_f1,
)
from visage.metrics.slices import age_bins, slices


def details(
    labels: Labels,
    estimates: Estimates,
    *,
    part: str,
    without_tta: Estimates,
    baseline: Estimates,
    views: Sequence[str],
    resamples: int,
    level: float,
    seed: int,
    age_bin_years: int,
    min_slice: int,
) -> dict[str, Any]:
    """Returns the whole document, numbers rounded to four decimals.

    Args:
        labels: the truth about the part.
        estimates: what is reported, from all views.
        part: its name.
        without_tta: from the identity view alone, with the same decision.
        baseline: the trivial predictor's.
        views: names of the views.
        resamples: of the bootstrap.
        level: of its intervals.
        seed: of its draws.
        age_bin_years: width of an age bin.
        min_slice: smaller slices are not shown.
    """
    measure = partial(figures, labels, estimates)
    intervals = percentile_intervals(
        measure, labels.group, resamples=resamples, level=level, seed=seed
    )
    document = {
        **provenance(labels, part=part),
        "views": list(views),
        "resamples": resamples,
        "level": level,
        "seed": seed,
        "intervals": intervals,
        "without_tta": flat(labels, without_tta),
        "baseline": flat(labels, baseline),
        "slices": slices(labels, estimates, bin_years=age_bin_years, min_slice=min_slice),
        **age_details(labels, estimates, bin_years=age_bin_years),
        **gender_details(labels, estimates),
    }
    rounded: dict[str, Any] = _rounded(document)
    return rounded


def provenance(labels: Labels, *, part: str) -> dict[str, Any]:
    """Returns part, n, n_groups and the hash of ids and labels, whatever the images' order."""
    ages = (None if np.isnan(age) else age for age in labels.age.tolist())
    rows = zip(labels.id.tolist(), ages, labels.gender.tolist(), strict=True)
    return {
        "part": part,
        "n": len(labels.id),
        "n_groups": len(np.unique(labels.group)),
        "data_sha256": sha256_json(sorted(rows, key=itemgetter(0))),
    }


def age_details(labels: Labels, estimates: Estimates, *, bin_years: int) -> dict[str, Any]:
    """Returns bias, balanced and median MAE, the age bins, and how well the interval holds."""
    if estimates.age is None or not labels.has_age.any():
        return {}
    assert estimates.age_median is not None, "a headline age comes with its median"
    known = labels.has_age
    age, told = labels.age[known], estimates.age[known]
    return {
        "mean_error": mean_error(age, told),
        "balanced_mae": balanced_mae(age, told, bin_years=bin_years),
        "mae_median": mae(age, estimates.age_median[known]),
        "age_bins": age_bins(labels, estimates, bin_years=bin_years).to_dict(orient="records"),
        "interval": _interval(labels, estimates),
    }


def gender_details(labels: Labels, estimates: Estimates) -> dict[str, Any]:
    """Returns confusion counts, the figures at threshold 0.5, and the calibration error."""
    if estimates.gender is None or not labels.has_gender.any():
        return {}
    assert estimates.gender_at_half is not None
    assert estimates.male_probability is not None
    assert estimates.male_probability_raw is not None
    known = labels.has_gender
    gender = labels.gender[known]
    half = gender, estimates.gender_at_half[known]
    return {
        "gender_confusion": confusion(gender, estimates.gender[known]).astype(int).tolist(),
        "gender_confusion_at_half": confusion(*half).astype(int).tolist(),
        "classification_report": classification_report(gender, estimates.gender[known]),
        "at_half_threshold": {"gender_accuracy": accuracy(*half), "gender_f1": macro_f1(*half)},
        "gender_calibration_error": {
            "before": calibration_error(gender, estimates.male_probability_raw[known]),
            "after": calibration_error(gender, estimates.male_probability[known]),
        },
    }


def _interval(labels: Labels, estimates: Estimates) -> dict[str, Any]:
    assert estimates.age_low is not None
    assert estimates.age_high is not None
    held = (estimates.age_low <= labels.age) & (labels.age <= estimates.age_high)
    return {
        "nominal": estimates.age_coverage,
        "coverage": held[labels.has_age].mean(),
        "mean_width_years": (estimates.age_high - estimates.age_low).mean(),
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, float):  # NumPy's float64 too; + 0.0 turns -0.0 into 0.0
        return round(float(value), DECIMALS) + 0.0
    return value
