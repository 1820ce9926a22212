"""What an experiment found, from its commit: figures, their intervals, epochs, the model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd

from visage.files.jsons import read_json
from visage.files.paths import DETAILS, EVALUATE_METRICS, HISTORY, MODEL_JSON, SUBMISSION_JSON
from visage.sweep.experiment_files import ExperimentError, fetch_available
from visage.sweep.members import Member
from visage.sweep.repository import committed_text, experiments

SHOWN: Final = 12  # characters of a hash; the report has the whole of it


@dataclass(frozen=True, eq=False)
class Result:
    """What an experiment found; empty where it failed.

    Attributes:
        name: the experiment's.
        figures: of metrics/evaluate.json.
        details: of metrics/details.json.
        history: of metrics/history.csv.
        model: the beginning of the weights' sha256, which the report has, too.
        fingerprint: of the training's inputs.
        n_learnt: how many parameters were trained.
    """

    name: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    history: pd.DataFrame = field(default_factory=pd.DataFrame)
    model: str = ""
    fingerprint: str = ""
    n_learnt: int | None = None


def result_of(member: Member, root: Path) -> Result:
    """Returns what a member found; nothing where it failed, whatever bears its name already."""
    if not member.done:
        return Result(member.name)
    return read_result(member.name, root, start=member.start)


def read_result(name: str, root: Path, *, start: str) -> Result:
    """Returns what the experiment of this name that starts from a commit found."""
    commit = experiments(root, start=start).get(name)
    text = commit and committed_text(root, commit, EVALUATE_METRICS)
    if not (commit and text):
        return Result(name)
    details, card, made_from = _outputs(root, commit, DETAILS, MODEL_JSON, SUBMISSION_JSON)
    return Result(
        name,
        figures=json.loads(text),
        details=details,
        history=_history(root, commit),
        model=made_from.get("model_sha256", "")[:SHOWN],
        fingerprint=made_from.get("fingerprint", ""),
        n_learnt=card.get("n_learnt"),
    )


def _outputs(root: Path, commit: str, *files: Path) -> list[dict[str, Any]]:
    """Returns what is in these outputs; an experiment is worth a row without them."""
    with TemporaryDirectory() as folder:
        to = Path(folder)
        try:
            missing = fetch_available(commit, root, files=files, to=to)
        except ExperimentError:
            missing = list(files)
        return [{} if file in missing else read_json(to / file) for file in files]


def _history(root: Path, commit: str) -> pd.DataFrame:
    text = committed_text(root, commit, HISTORY)
    return pd.read_csv(StringIO(text)) if text else pd.DataFrame()
