"""The answer table: exactly one row for each id that was asked for, in the source's order.

An image that could not be read still has its row, with the trivial predictor's values: a missing
row would make the whole submission void. A source that asks for nothing gets the answers for its
test part.
"""

import logging
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from visage import schema
from visage.codes import UNLABELLED, Part, Task
from visage.errors import VisageError
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate
from visage.posterior.familiarity import scores_of
from visage.posterior.views import average_views

_AGE_LIMITS = (0.0, 100.0)  # years, what the Kaggle table allows, whatever age_max is
_DECIMALS = 4

logger = logging.getLogger(__name__)


class SubmissionError(VisageError):
    """An image that was accepted has no prediction."""


@dataclass(frozen=True, eq=False)
class Submission:
    """Answers, and how they came about.

    Attributes:
        table: columns of `schema`; ages with four decimals, gender 0 = female, 1 = male.
        schema: id and the columns of the trained tasks.
        part: unlabelled, or test where the source has no images without labels.
        views: whose average was taken.
        n_fallback: number of rows with the trivial predictor's values.
        n_out_of_range: number of estimated ages outside of what is allowed, cut to its ends.
        n_unfamiliar: of the other rows, faces that the training had none like; None: not known.
    """

    table: pd.DataFrame
    schema: pa.Schema
    part: str
    views: tuple[str, ...]
    n_fallback: int
    n_out_of_range: int
    n_unfamiliar: int | None = None

    def summary(self) -> dict[str, Any]:
        """Returns part, views, n and the other counts for submission.json."""
        return {
            "part": self.part,
            "views": list(self.views),
            "n": len(self.table),
            "n_fallback": self.n_fallback,
            "n_out_of_range": self.n_out_of_range,
            "n_unfamiliar": self.n_unfamiliar,
        }


def make_submission(
    *,
    index: pd.DataFrame,
    rejected: pd.DataFrame,
    unlabelled: pd.DataFrame,
    test: pd.DataFrame,
    decision: Decision,
    familiarity: pd.DataFrame | None = None,
) -> Submission:
    """Returns the submission.

    Args:
        index: columns of schema.INDEX.
        rejected: columns of schema.REJECTED.
        unlabelled: predictions, columns of schema.PREDICTIONS, perhaps no rows.
        test: the same for the test part.
        decision: fitted for the same model.
        familiarity: columns of schema.FAMILIARITY; None: the model has no known faces.

    Raises:
        SubmissionError: an accepted image has no prediction.
        PredictionsError: an image that is asked for has no familiarity.
    """
    asked = _unlabelled(index, rejected)
    part, predictions = UNLABELLED, unlabelled
    if asked.empty:
        asked, part, predictions = _tested(index, test), Part.TEST.value, test
    estimated, views = _estimated(predictions, decision)
    known = asked["id"].isin(estimated.index)
    _check_complete(asked["id"][asked["accepted"] & ~known], part)
    answers = estimated.reindex(asked["id"].to_list())
    table, columns = _formatted(answers, decision)
    found = Submission(
        table,
        columns,
        part,
        views,
        n_fallback=int((~known).sum()),
        n_out_of_range=_outside(answers),
        n_unfamiliar=_unfamiliar(asked["id"][known], decision, familiarity),
    )
    _warn(found)
    return found


def _unlabelled(index: pd.DataFrame, rejected: pd.DataFrame) -> pd.DataFrame:
    rows = pd.concat(
        [
            table.loc[table["official_part"] == UNLABELLED, ["row", "id"]].assign(accepted=accepted)
            for table, accepted in ((index, True), (rejected, False))
        ]
    )
    ordered = rows.dropna(subset=["id"]).sort_values("row", kind="stable")
    return ordered.drop_duplicates("id")  # the source may ask twice; one answer is due


def _tested(index: pd.DataFrame, test: pd.DataFrame) -> pd.DataFrame:
    rows = index.loc[index["id"].isin(test["id"]), ["row", "id"]]
    return rows.sort_values("row").assign(accepted=True)


def _estimated(
    predictions: pd.DataFrame, decision: Decision
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    columns = [task.value for task in decision.tasks]
    if predictions.empty:  # every single image was set aside
        return pd.DataFrame(columns=columns, dtype="float64"), ()
    averaged = average_views(predictions)
    estimates = estimate(averaged.posterior, averaged.male_probability, decision=decision)
    values = {Task.AGE: estimates.age, Task.GENDER: estimates.gender}
    found = {task.value: values[task] for task in decision.tasks}
    return pd.DataFrame(found, index=averaged.labels.id), averaged.views


def _unfamiliar(
    ids: "pd.Series[str]", decision: Decision, familiarity: pd.DataFrame | None
) -> int | None:
    if familiarity is None:
        return None
    scores = scores_of(ids.to_numpy(dtype=object), familiarity)
    found = estimate(None, None, decision=decision, familiarity=scores).unfamiliar
    return None if found is None else int(found.sum())


def _outside(answers: pd.DataFrame) -> int:
    """Returns how many estimated ages are not allowed, to the decimals that are written."""
    if Task.AGE not in answers:
        return 0
    low, high = _AGE_LIMITS
    ages = answers[Task.AGE].round(_DECIMALS)
    return int(((ages < low) | (ages > high)).sum())


def _formatted(answers: pd.DataFrame, decision: Decision) -> tuple[pd.DataFrame, pa.Schema]:
    table = pd.DataFrame({"id": answers.index.astype(object)})
    baseline = decision.baseline
    if Task.AGE in decision.tasks:
        ages = answers["age"].fillna(baseline.age_years).to_numpy(dtype=np.float64)
        table["age"] = [f"{age:.{_DECIMALS}f}" for age in np.clip(ages, *_AGE_LIMITS)]
    if Task.GENDER in decision.tasks:
        table["gender"] = answers["gender"].fillna(baseline.gender).to_numpy(dtype=np.int8)
    return table, pa.schema([schema.SUBMISSION.field(name) for name in table.columns])


def _check_complete(missing: "pd.Series[str]", part: str) -> None:
    if not missing.empty:
        raise SubmissionError(
            f"data/predictions/{part}.parquet lacks {len(missing)} of the images in "
            f"data/index.parquet, such as {missing.iloc[0]!r}; run `dvc repro -f infer`"
        )


def _warn(found: Submission) -> None:
    n = len(found.table)
    if found.n_fallback:
        logger.warning(
            "%d of %d images could not be used; their rows in the submission hold the trivial "
            "predictor's values, see data/rejected.csv",
            found.n_fallback,
            n,
        )
    if found.n_out_of_range:
        logger.warning(
            "%d of %d estimated ages lie outside of %g to %g years, which is all that a submission "
            "may hold; they are cut to its ends (n_out_of_range in submission.json)",
            found.n_out_of_range,
            n,
            *_AGE_LIMITS,
        )
