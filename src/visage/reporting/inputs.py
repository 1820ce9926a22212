"""All that the page shows, read once; what is optional in a file may be missing from its mapping.

The estimates are made again from the saved predictions, by the very functions that `evaluate` uses:
the metric files hold figures, and the scatter and the sheet of the worst need each image.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from visage.codes import Part, Task
from visage.estimates import Estimates, Labels
from visage.explain.records import Explanations, read_explanations
from visage.files import paths
from visage.files.hashes import sha256_file
from visage.files.jsons import read_json
from visage.files.tables import read_table
from visage.params.report import Published
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate
from visage.posterior.familiarity import scores_of
from visage.posterior.views import average_views
from visage.schema import (
    AGE_HISTOGRAM,
    CHECKED_QUALITY,
    FAMILIARITY,
    HISTORY,
    INDEX,
    PREDICTIONS,
    REJECTED,
    THRESHOLD_CURVE,
)

Json = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Inputs:
    """A finished run. `labels` and `estimates` are of the measured part, with all views.

    Where that part is empty they are empty, and `unmeasured` says so in place of all figures.
    """

    scores: Json  # metrics/evaluate.json
    details: Json  # the other mappings are named after their files
    ingest: Json
    split: Json
    split_counts: Json
    submission: Json
    model: Json
    decision: Decision
    history: pd.DataFrame
    age_histogram: pd.DataFrame
    threshold_curve: pd.DataFrame
    index: pd.DataFrame
    quality: pd.DataFrame
    rejected: pd.DataFrame
    published: tuple[Published, ...]
    labels: Labels
    estimates: Estimates
    model_sha256: str
    explanations: Explanations

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks of the model, in its own order."""
        return tuple(Task(task) for task in self.model["tasks"])

    @property
    def part(self) -> Part:
        """The part that was measured: test, or validation to choose among models."""
        return part_of(self.details)

    @property
    def unmeasured(self) -> str:
        """Why there are no figures, or ""."""
        return str(self.details.get("unmeasured", ""))


def read_inputs(*, published: tuple[Published, ...] = ()) -> Inputs:
    """Returns what the files of the run in the working directory hold.

    published: what others have measured.

    Raises:
        VisageError: a file is missing or does not hold what it should.
    """
    decision = Decision.from_json(read_json(paths.DECISION))
    details = read_json(paths.DETAILS)
    measured = read_table(paths.PREDICTIONS / f"{part_of(details)}.parquet", PREDICTIONS)
    labels, estimates = _told(measured, read_table(paths.FAMILIARITY, FAMILIARITY), decision)
    return Inputs(
        scores=read_json(paths.EVALUATE_METRICS),
        details=details,
        ingest=read_json(paths.INGEST_METRICS),
        split=read_json(paths.SPLIT_METRICS),
        split_counts=read_json(paths.SPLIT_COUNTS),
        submission=read_json(paths.SUBMISSION_JSON),
        model=read_json(paths.MODEL_JSON),
        decision=decision,
        history=read_table(paths.HISTORY, HISTORY),
        age_histogram=read_table(paths.AGE_HISTOGRAM, AGE_HISTOGRAM),
        threshold_curve=read_table(paths.THRESHOLD_CURVE, THRESHOLD_CURVE),
        index=read_table(paths.INDEX, INDEX),
        quality=read_table(paths.QUALITY, CHECKED_QUALITY),
        rejected=read_table(paths.REJECTED, REJECTED),
        published=published,
        labels=labels,
        estimates=estimates,
        model_sha256=sha256_file(paths.MODEL),
        explanations=read_explanations(paths.EXPLANATIONS),
    )


def part_of(details: Json) -> Part:
    """Returns the part that was measured."""
    return Part(details.get("part", Part.TEST))


def _told(
    table: pd.DataFrame, familiarity: pd.DataFrame, decision: Decision
) -> tuple[Labels, Estimates]:
    if table.empty:
        names, numbers = np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
        return Labels(names, np.empty(0), numbers, numbers), Estimates()
    views = average_views(table)
    scores = scores_of(views.labels.id, familiarity)
    return views.labels, estimate(
        views.posterior, views.male_probability, decision=decision, familiarity=scores
    )
