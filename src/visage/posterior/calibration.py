"""Fits the decision on the calibration part.

Threshold, temperature and interval are fitted on images that neither trained the model nor chose
its epoch, or they would be those of a model that knows its images.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.errors import VisageError
from visage.estimates import Floats, Labels
from visage.posterior.age import mean_age
from visage.posterior.baseline import fit_baseline
from visage.posterior.decision import AgeInterval, Decision
from visage.posterior.gender import temper
from visage.posterior.interval import fit_interval, spread
from visage.posterior.temperature import fit_temperature
from visage.posterior.threshold import best_threshold
from visage.posterior.views import Averaged
from visage.schema import FEMALE, Task


class CalibrationError(VisageError):
    """The calibration part can't fit what is asked of it."""


def fit_decision(
    averaged: Averaged, *, index: pd.DataFrame, splits: pd.DataFrame, coverage: float
) -> Decision:
    """Returns the decision for the tasks that the predictions hold.

    Args:
        averaged: predictions of the calibration part.
        index: columns of schema.INDEX, for the baseline.
        splits: columns of schema.SPLITS, for the baseline.
        coverage: of the age interval, in (0, 1).

    Raises:
        CalibrationError: the part lacks ages, genders, or one of the two genders.
    """
    labels = averaged.labels
    threshold, temperature = _fit_gender(labels, averaged.male_probability)
    age_spread, interval = _fit_age(labels, averaged.posterior, coverage=coverage)
    heads = {Task.AGE: averaged.posterior, Task.GENDER: averaged.male_probability}
    tasks = tuple(task for task, head in heads.items() if head is not None)
    return Decision(
        tasks=tasks,
        n=len(labels.id),
        gender_threshold=threshold,
        gender_temperature=temperature,
        age_spread_years=age_spread,
        age_interval=interval,
        baseline=fit_baseline(index, splits, tasks=tasks),
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


def _fit_age(
    labels: Labels, posterior: Floats | None, *, coverage: float
) -> tuple[float, AgeInterval] | tuple[None, None]:
    if posterior is None:
        return None, None
    _refuse_unknown(labels.has_age, Task.AGE)
    residuals = (labels.age - mean_age(posterior))[labels.has_age]
    return spread(residuals), fit_interval(residuals, coverage=coverage)


def _refuse_unknown(known: NDArray[np.bool_], task: Task) -> None:
    if not known.any():
        raise CalibrationError(
            f"calibration part: none of its {len(known)} images has a label for {task}; in "
            "params.yaml raise split.fractions.calibration, or leave the task out of `tasks`"
        )
