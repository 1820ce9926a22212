"""What an experiment found, from its commit: figures, their intervals, epochs, the model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from visage.files.paths import DETAILS, EVALUATE_METRICS, HISTORY, MODEL
from visage.sweep.repository import committed_text, experiments
from visage.tracking.state import LOCK_FILE, StateError, stages_of


@dataclass(frozen=True, eq=False)
class Result:
    """What an experiment found; empty where it failed.

    figures: of metrics/evaluate.json. details: of metrics/details.json. history: of
    metrics/history.csv. model: the beginning of the weights' md5.
    """

    name: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    history: pd.DataFrame = field(default_factory=pd.DataFrame)
    model: str = ""


def read_result(name: str, root: Path, *, start: str) -> Result:
    """Returns what the experiment of this name that starts from a commit found."""
    commit = experiments(root, start=start).get(name)
    text = commit and committed_text(root, commit, EVALUATE_METRICS)
    if not (commit and text):
        return Result(name)
    return Result(
        name,
        figures=json.loads(text),
        details=_details(root, commit),
        history=_history(root, commit),
        model=_model(root, commit),
    )


def _details(root: Path, commit: str) -> dict[str, Any]:
    """Intervals and the like; an experiment is worth a row without them."""
    from dvc import api  # half a second, which a refused recipe need not wait for
    from dvc.exceptions import DvcException

    try:
        found: dict[str, Any] = json.loads(api.read(str(DETAILS), repo=str(root), rev=commit))
    except (DvcException, FileNotFoundError):
        return {}
    return found


def _history(root: Path, commit: str) -> pd.DataFrame:
    text = committed_text(root, commit, HISTORY)
    return pd.read_csv(StringIO(text)) if text else pd.DataFrame()


def _model(root: Path, commit: str) -> str:
    try:
        stages = stages_of(committed_text(root, commit, LOCK_FILE))
    except StateError:
        return ""
    outs = stages.get("train", {}).get("outs", [])
    return next((str(out["md5"])[:12] for out in outs if out["path"] == MODEL.as_posix()), "")
