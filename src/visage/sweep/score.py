"""What a trial is worth: a figure of the validation part, at the epoch that its training kept."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from visage.errors import VisageError
from visage.files.paths import HISTORY
from visage.files.tables import read_table
from visage.params.tasks import Tasks
from visage.params.train import monitor_fault
from visage.schema import HISTORY as COLUMNS
from visage.sweep.experiment_files import fetch_files
from visage.sweep.members import Member
from visage.sweep.repository import experiments
from visage.training.stopping import HIGHER_IS_BETTER

# What may differ between trials whose scores are compared: not the faces of the validation part.
COMPARABLE: Final = ("backbone", "init", "model", "seed", "train", "weights")
CHOOSER: Final = "train.monitor"
COMPARABLE_IMAGES: Final = ("ingest.jpeg_quality", "ingest.resize", "ingest.store_size")


class NoScoreError(VisageError):
    """A training has no figure to go by."""


@dataclass(frozen=True)
class Score:
    """A figure of the validation part and its epoch, from 1."""

    value: float
    epoch: int


def incomparable(space: Iterable[str]) -> Iterator[str]:
    """Yields a fault for each parameter whose values' scores can't be compared."""
    for name in space:
        if name == CHOOSER:
            yield f"space.{name}: chooses the epoch that is compared; set it once, in overrides"
        if name.partition(".")[0] not in COMPARABLE and name not in COMPARABLE_IMAGES:
            yield (
                f"space.{name}: changes the validation part or has no effect on it, so its values "
                f"can't be compared; search in {', '.join((*COMPARABLE, *COMPARABLE_IMAGES))}"
            )


def metric_faults(
    tree: Mapping[str, Any], *, metric: str, key: Literal["metric", "rank_by"] = "metric"
) -> list[str]:
    """Returns why trainings with a whole tree of parameters, without faults, have no `metric`.

    key: where the study's file has it.
    """
    faults = []
    if not tree["split"]["fractions"]["validation"]:
        faults.append("split.fractions.validation: is 0, so there is no score; give it a share")
    tasks = Tasks.model_validate_json(json.dumps(tree["tasks"]))
    if monitor_fault(metric.removeprefix("val_"), tasks):
        faults.append(
            f"{key}: {metric} does not exist with tasks [{', '.join(tasks.root)}]; take "
            f"{'val_loss, or ' if key == 'metric' else ''}a figure of the task"
        )
    return faults


def score_of(history: pd.DataFrame, *, metric: str, monitor: str) -> Score:
    """Returns `metric` at the epoch at which `monitor` was best; ties keep the earlier epoch.

    Raises:
        NoScoreError: the history has no such figures.
    """
    watched, values = (history[name].to_numpy(float) for name in (f"val_{monitor}", metric))
    if np.isnan(watched).all():
        raise NoScoreError(f"metrics/history.csv has no val_{monitor}, so no epoch is the best one")
    row = int(np.nanargmax(watched if HIGHER_IS_BETTER[monitor] else -watched))
    epoch = int(history["epoch"].to_numpy()[row])
    if np.isnan(values[row]):
        raise NoScoreError(f"metrics/history.csv has no {metric} at epoch {epoch}")
    return Score(float(values[row]), epoch)


def read_history(member: Member, root: Path) -> pd.DataFrame:
    """Returns metrics/history.csv of an experiment that ran."""
    commit = experiments(root, start=member.start)[member.name]
    with TemporaryDirectory() as folder:
        fetch_files(commit, root, files=(HISTORY,), to=Path(folder))
        return read_table(Path(folder) / HISTORY, COLUMNS)
