"""All that is said of a part's images, in the forms that are compared with each other."""

from dataclasses import dataclass

import pandas as pd

from visage import schema
from visage.estimates import Estimates, Ints, Labels
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate, trivial
from visage.posterior.familiarity import scores_of
from visage.posterior.gender import temper
from visage.posterior.threshold import cross_fit, threshold_curve
from visage.posterior.views import average_views, identity_view


@dataclass(frozen=True, eq=False)
class Judged:
    """What is said of N images.

    Attributes:
        labels: the truth.
        estimates: what is reported, from all views.
        without_tta: from the identity view alone, with the same decision.
        baseline: the trivial predictor's.
        views: names of the views.
        cross_fitted: genders by thresholds of the other images, (N,), None without.
    """

    labels: Labels
    estimates: Estimates
    without_tta: Estimates
    baseline: Estimates
    views: tuple[str, ...]
    cross_fitted: Ints | None


def judge(
    table: pd.DataFrame, decision: Decision, *, seed: int, familiarity: pd.DataFrame | None = None
) -> Judged:
    """Returns what is said of the images in a table with the columns of schema.PREDICTIONS.

    Args:
        table: the predictions.
        decision: fitted for the same model.
        seed: of the folds of the cross-fitted genders.
        familiarity: columns of schema.FAMILIARITY; None: the model has no known faces.
    """
    views, one = average_views(table), identity_view(table)
    shown = estimate(
        views.posterior,
        views.male_probability,
        decision=decision,
        familiarity=None if familiarity is None else scores_of(views.labels.id, familiarity),
    )
    return Judged(
        labels=views.labels,
        estimates=shown,
        without_tta=estimate(one.posterior, one.male_probability, decision=decision),
        baseline=trivial(decision.baseline, len(views.labels.id)),
        views=views.views,
        cross_fitted=_cross_fitted(views.labels, shown, seed=seed),
    )


def gender_curve(table: pd.DataFrame, decision: Decision) -> pd.DataFrame:
    """Returns the macro F1 by threshold (THRESHOLD_CURVE) of the calibration part's predictions."""
    averaged = average_views(table)
    temperature, probability = decision.gender_temperature, averaged.male_probability
    if temperature is None or probability is None:
        return pd.DataFrame(columns=schema.THRESHOLD_CURVE.names)
    known = averaged.labels.has_gender
    calibrated = temper(probability[known], temperature=temperature)
    return threshold_curve(averaged.labels.gender[known], calibrated)


def _cross_fitted(labels: Labels, estimates: Estimates, *, seed: int) -> Ints | None:
    if estimates.male_probability is None or not labels.has_gender.any():
        return None
    return cross_fit(labels.gender, estimates.male_probability, labels.group, seed=seed)
