"""All that is known of a model's quality beyond the headline: the content of metrics/details.json.

Every number stands beside n, the part, the seed and the hash of the labels that it was measured
on. What needs a head that the model does not have is left out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, Final

import numpy as np

from visage.estimates import Estimates, Floats, Ints, Labels
from visage.files.hashes import sha256_json
from visage.metrics.age import balanced_mae, mae, mean_error
from visage.metrics.bootstrap import Measure, resampled
from visage.metrics.coverage import held_on_the_whole, interval_levels
from visage.metrics.evaluation import DECIMALS, figure_intervals, figures, flat
from visage.metrics.gender import (
    accuracy,
    calibration_error,
    classification_report,
    confusion,
    macro_f1,
)
from visage.metrics.headlines import headline_groups, headlines
from visage.metrics.independent import n_independent
from visage.metrics.paired import Drawn, differences_of
from visage.metrics.reliability import reliability
from visage.metrics.slice_details import slice_details
from visage.metrics.slice_figures import measured, slice_figures
from visage.metrics.slices import every_slice
from visage.metrics.threshold_effect import threshold_effect, threshold_gains
from visage.metrics.traits import Traits
from visage.metrics.unfamiliar import unfamiliar_details

_PROMISES: Final = ("level", "nominal", "promised")  # 0.99996 is no 1


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
    cross_fitted: Ints | None = None,
    traits: Traits | None = None,
) -> dict[str, Any]:
    """Returns the whole document, numbers rounded to four decimals but for what is promised.

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
        cross_fitted: genders by thresholds of other images of the part (threshold_effect).
        traits: what else is known of the images, for slices; None: nothing.
    """
    draw: dict[str, Any] = {"resamples": resamples, "level": level, "seed": seed}
    cut: dict[str, Any] = {"bin_years": age_bin_years, "min_slice": min_slice}
    alone = without_tta if len(views) > 1 else Estimates()
    document = {
        **provenance(labels, part=part),
        **draw,
        "views": list(views),
        "without_tta": flat(labels, without_tta),
        "baseline": flat(labels, baseline),
        **_bootstrapped(labels, estimates, alone, cross_fitted, traits, **cut, **draw),
        **age_details(labels, estimates, **cut),
        **gender_details(labels, estimates),
        **unfamiliar_details(labels, estimates),
    }
    return dict(_rounded(document))


def _bootstrapped(
    labels: Labels,
    estimates: Estimates,
    alone: Estimates,
    cross_fitted: Ints | None,
    traits: Traits | None,
    *,
    bin_years: int,
    min_slice: int,
    resamples: int,
    level: float,
    seed: int,
) -> dict[str, Any]:
    """Returns all that has an interval, from one draw of resamples; `alone` is without TTA."""
    every = every_slice(labels, traits, bin_years=bin_years)
    slices = [one for one in every if n_independent(labels.group, one.members) >= min_slice]
    gains = threshold_gains(labels, estimates, cross_fitted)
    measures: list[Measure[str]] = [
        partial(figures, labels, estimates),
        slice_figures(labels, estimates, slices),
        gains,
        partial(headlines, labels, alone),
    ]
    reported, sliced, gained, without = resampled(
        measures, labels.group, resamples=resamples, seed=seed
    )
    return {
        "intervals": figure_intervals(labels, estimates, reported, level=level),
        "undefined_resamples": _undefined(reported),
        **slice_details(
            slices,
            measured(labels, estimates, slices, sliced),
            found=Counter(one.factor for one in every),
            min_slice=min_slice,
            level=level,
        ),
        **_threshold(gains, gained, labels, level=level),
        **_tta(
            Drawn(headlines(labels, alone), without),
            Drawn(headlines(labels, estimates), reported),
            n_groups=headline_groups(labels),
            level=level,
            seed=seed,
        ),
    }


def _undefined(draws: Mapping[str, Floats]) -> dict[str, int]:
    """Returns of each figure on how many resamples it is not defined, where on some."""
    counts = {name: int(np.isnan(drawn).sum()) for name, drawn in draws.items()}
    return {name: n for name, n in counts.items() if n}


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


def age_details(
    labels: Labels, estimates: Estimates, *, bin_years: int, min_slice: int
) -> dict[str, Any]:
    """Returns bias, balanced and median MAE, and how well the intervals hold."""
    if estimates.age is None or not labels.has_age.any():
        return {}
    assert estimates.age_median is not None, "a headline age comes with its median"
    assert estimates.age_low is not None, "and with its interval"
    assert estimates.age_high is not None
    known = labels.has_age
    age, told = labels.age[known], estimates.age[known]
    return {
        "mean_error": mean_error(age, told),
        "balanced_mae": balanced_mae(age, told, bin_years=bin_years),
        "mae_median": mae(age, estimates.age_median[known]),
        "interval": {
            "nominal": estimates.age_coverage,
            **held_on_the_whole(labels, low=estimates.age_low, high=estimates.age_high),
        },
        "interval_levels": interval_levels(
            labels, estimates, bin_years=bin_years, min_slice=min_slice
        ),
    }


def gender_details(labels: Labels, estimates: Estimates) -> dict[str, Any]:
    """Returns confusion counts, the figures at threshold 0.5, and the calibration."""
    if estimates.gender is None or not labels.has_gender.any():
        return {}
    assert estimates.gender_at_half is not None
    assert estimates.male_probability is not None
    assert estimates.male_probability_raw is not None
    known = labels.has_gender
    gender, group = labels.gender[known], labels.group[known]
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
        "gender_reliability": {
            "before": reliability(gender, estimates.male_probability_raw[known], group),
            "after": reliability(gender, estimates.male_probability[known], group),
        },
    }


def _threshold(
    gains: Measure[str], draws: Mapping[str, Floats], labels: Labels, *, level: float
) -> dict[str, Any]:
    found = threshold_effect(gains, draws, labels, level=level)
    return {"threshold_effect": found} if found else {}


def _tta(without: Drawn[str], reported: Drawn[str], **settings: Any) -> dict[str, Any]:
    """Returns by how much the headline figures differ from those without TTA; paired."""
    found = {
        name: {"difference": of.value, "low": of.low, "high": of.high}
        for name, of in differences_of([without], [reported], **settings).items()
    }
    return {"tta_difference": found} if found else {}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: item if key in _PROMISES else _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, float):  # NumPy's float64 too; + 0.0 turns -0.0 into 0.0
        return round(float(value), DECIMALS) + 0.0
    return value
