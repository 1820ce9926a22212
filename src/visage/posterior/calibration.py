"""Fits the decision on the calibration part.

Threshold, temperature, intervals and the limit of what is familiar are fitted on images that
neither trained the model nor chose its epoch, or they would be those of a model that knows its
images.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.codes import FEMALE, Task
from visage.errors import VisageError
from visage.estimates import Floats, Labels
from visage.posterior.baseline import fit_baseline
from visage.posterior.decision import AgeIntervals, Decision
from visage.posterior.familiarity import fit_limit, scores_of
from visage.posterior.gender import temper
from visage.posterior.interval import fit_intervals
from visage.posterior.temperature import fit_temperature
from visage.posterior.threshold import best_threshold
from visage.posterior.views import Averaged


class CalibrationError(VisageError):
    """The calibration part can't fit what is asked of it."""


def fit_decision(
    averaged: Averaged,
    *,
    index: pd.DataFrame,
    splits: pd.DataFrame,
    familiarity: pd.DataFrame | None = None,
    unfamiliar: float | None = None,
    **levels: Any,
) -> Decision:
    """Returns the decision for the tasks that the predictions hold.

    Args:
        averaged: predictions of the calibration part.
        index: columns of schema.INDEX, for the baseline.
        splits: columns of schema.SPLITS, for the baseline.
        familiarity: columns of schema.FAMILIARITY; None: the model has no known faces.
        unfamiliar: share of faces that may be called so; None: none is.
        levels: `coverages`, `shown` and `min_group` of the age intervals (fit_intervals).

    Raises:
        CalibrationError: the part lacks ages, genders, or one of the two genders.
        PredictionsError: an image has no familiarity.
    """
    labels = averaged.labels
    threshold, temperature = _fit_gender(labels, averaged.male_probability)
    intervals = _fit_age(labels, averaged.posterior, **levels)
    limit, share = _fit_familiarity(labels, familiarity, unfamiliar)
    heads = {Task.AGE: averaged.posterior, Task.GENDER: averaged.male_probability}
    tasks = tuple(task for task, head in heads.items() if head is not None)
    return Decision(
        tasks=tasks,
        n=len(labels.id),
        gender_threshold=threshold,
        gender_temperature=temperature,
        age_intervals=intervals,
        baseline=fit_baseline(index, splits, tasks=tasks),
        views=averaged.views,
        familiarity_limit=limit,
        unfamiliar_share=share,
    )


def _fit_gender(
    labels: Labels, probability: Floats | None
) -> tuple[float, float] | tuple[None, None]:
    if probability is None:
        return None, None
    _refuse_unknown(labels.has_gender, Task.GENDER)
    gender, probability = labels.gender[labels.has_gender], probability[labels.has_gender]
    if gender.min() == gender.max():
        found = "female" if gender[0] == FEMALE else "male"
        raise CalibrationError(
            f"calibration part: all {len(gender)} images are {found}, and a gender threshold needs "
            "both; in params.yaml raise split.fractions.calibration, check the source's coding of "
            "gender (data.kaggle.female and male), or set tasks: [age]"
        )
    temperature = fit_temperature(gender, probability)
    return best_threshold(gender, temper(probability, temperature=temperature)), temperature


def _fit_age(labels: Labels, posterior: Floats | None, **levels: Any) -> AgeIntervals | None:
    if posterior is None:
        return None
    known = labels.has_age
    _refuse_unknown(known, Task.AGE)
    return fit_intervals(labels.age[known], posterior[known], labels.group[known], **levels)


def _fit_familiarity(
    labels: Labels, table: pd.DataFrame | None, share: float | None
) -> tuple[float, float] | tuple[None, None]:
    if table is None or share is None:
        return None, None
    return fit_limit(scores_of(labels.id, table), labels.group, share=share)


def _refuse_unknown(known: NDArray[np.bool_], task: Task) -> None:
    if not known.any():
        raise CalibrationError(
            f"calibration part: none of its {len(known)} images has a label for {task}; in "
            "params.yaml raise split.fractions.calibration, or leave the task out of `tasks`"
        )
