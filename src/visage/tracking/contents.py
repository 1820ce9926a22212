"""What is to be logged about a finished run, read from its folder as plain records.

The folder is all that is read, so a run that DVC restored, or whose store was deleted, is written
again as it was. A file that is not there is left out: whether one should be is for the caller to
say, who has the dvc.lock. Nothing here knows MLflow.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from visage.files import paths
from visage.files.jsons import read_json
from visage.files.tables import read_table
from visage.params.load import PARAMS_FILE, read_params
from visage.records import Artifact, Metric, Param, flat_params
from visage.schema import HISTORY
from visage.tracking.data_set import DataSet, data_set
from visage.tracking.headline import headline, told_missing

PLOTS: Final = (
    paths.HISTORY,
    paths.AGE_HISTOGRAM,
    paths.AGE_BINS,
    paths.AGE_COVERAGE,
    paths.AGE_SCATTER,
    paths.GENDER_CONFUSION,
    paths.THRESHOLD_CURVE,
)
METRICS: Final = (
    paths.INGEST_METRICS,
    paths.SPLIT_METRICS,
    paths.SPLIT_COUNTS,
    paths.EVALUATE_METRICS,
    paths.DETAILS,
)
FOLDERS: Final[Mapping[Path, str]] = {
    paths.REPORT: "",
    paths.MODEL_CARD: "",
    **dict.fromkeys((*PLOTS, paths.DRAWINGS), "plots"),
    **dict.fromkeys(METRICS, "metrics"),
    **dict.fromkeys((paths.SUBMISSION, paths.SUBMISSION_JSON), "submission"),
    **dict.fromkeys((paths.MODEL, paths.MODEL_JSON, paths.DECISION, paths.FINGERPRINT), "model"),
    paths.FAMILIAR: "model",
    paths.EXPLANATIONS: "explanations",
    PARAMS_FILE: "",
}
NEEDED_TO_LOAD: Final = (paths.MODEL, paths.MODEL_JSON, paths.DECISION)
INDEX: Final = "index.json"  # of a folder; by itself it says that there are none
DETAILS: Final = ("balanced_mae", "mae_median", "mean_error")


@dataclass(frozen=True)
class Contents:
    """A finished run; `curves` have the epoch as step, `figures` are final."""

    backbone: str
    fingerprint: str
    params: tuple[Param, ...]
    curves: tuple[Metric, ...]
    figures: tuple[Metric, ...]
    artifacts: tuple[Artifact, ...]
    card: Path | None  # model.json; None: the model is not at hand
    note: str  # Markdown
    data: DataSet | None = None
    missing: tuple[Path, ...] = ()  # what the state has and this folder has not


def read_contents(root: Path, *, missing: Iterable[Path] = ()) -> Contents:
    """Returns what the pipeline left in the folder `root`.

    missing: files of the state that the caller could not bring there.

    Raises:
        JsonFileError: the figures are missing, or a file can't be read.
        TableError: the history can't be read.
    """
    params, lacking = read_params(root / PARAMS_FILE), tuple(missing)
    evaluated, details = read_json(root / paths.EVALUATE_METRICS), _json(root / paths.DETAILS)
    inputs, ingest = _json(root / paths.FINGERPRINT), _json(root / paths.INGEST_METRICS)
    fingerprint = inputs.get("fingerprint", "")
    figures = {
        **evaluated,
        **details_figures(details),
        **_prefixed("data", ingest),
        **_told_by_model(_json(root / paths.MODEL_JSON)),
        **_training(root / paths.TRAIN_METRICS, fingerprint),
    }
    return Contents(
        backbone=str(params["backbone"]),
        fingerprint=fingerprint,
        params=tuple(flat_params(params)),
        curves=tuple(curves(root / paths.HISTORY)),
        figures=tuple(metrics(figures)),
        artifacts=tuple(_artifacts(root)),
        card=_card(root),
        note=headline(str(params["backbone"]), figures=evaluated, details=details)
        + told_missing(lacking),
        data=data_set(
            params,
            ingest=ingest,
            split=_json(root / paths.SPLIT_METRICS),
            digest=(inputs.get("inputs") or {}).get("data", ""),
        ),
        missing=lacking,
    )


def _artifacts(root: Path) -> Iterator[Artifact]:
    for path, folder in FOLDERS.items():
        for file in _files(root / path):
            yield Artifact(file, folder)


def _files(path: Path) -> list[Path]:
    """Returns a file, or those of a folder if one is more than the list of what is in it."""
    found = sorted(path.iterdir()) if path.is_dir() else [path]
    return [] if [file.name for file in found] == [INDEX] else [f for f in found if f.is_file()]


def _card(root: Path) -> Path | None:
    has_model = all((root / path).is_file() for path in NEEDED_TO_LOAD)
    return root / paths.MODEL_JSON if has_model else None


def metrics(values: Mapping[str, Any]) -> list[Metric]:
    """Returns the numbers among `values`; texts, nulls and NaN are left out."""
    return [
        Metric(name, float(value))
        for name, value in values.items()
        if isinstance(value, int | float) and math.isfinite(value)
    ]


def curves(path: Path) -> list[Metric]:
    """Returns the columns of the history as metrics with the epoch as step.

    A state of the past may lack columns that came later.
    """
    if not path.is_file():
        return []
    there = set(pd.read_csv(path, nrows=0).columns)
    known = pa.schema([field for field in HISTORY if field.name in there])
    table = read_table(path, known).melt(id_vars="epoch", var_name="name").dropna()
    rows = zip(table["name"], table["value"], table["epoch"], strict=True)
    return [Metric(str(name), float(value), int(epoch)) for name, value, epoch in rows]


def details_figures(details: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the figures of metrics/details.json that runs are compared by."""
    ends = [(name, both) for name, both in details.get("intervals", {}).items() if both]
    return {
        **{f"{name}_low": low for name, (low, _) in ends},
        **{f"{name}_high": high for name, (_, high) in ends},
        **{name: details[name] for name in DETAILS if name in details},
        **_prefixed("baseline", details.get("baseline", {})),
        **_prefixed("without_tta", details.get("without_tta", {})),
        "interval_coverage": (details.get("interval") or {}).get("coverage"),
        "unfamiliar_share": (details.get("unfamiliar") or {}).get("share"),
        "gender_calibration_error": (details.get("gender_calibration_error") or {}).get("after"),
    }


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_json(path) if path.is_file() else {}
    return found


def _prefixed(group: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{group}/{name}": value for name, value in values.items()}


def _told_by_model(card: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a training without metrics/train.json, which nobody keeps."""
    names = {"best_epoch": "best_epoch", "epochs_run": "epochs_run", "lr": "lr_peak"}
    return {name: card[key] for key, name in names.items() if key in card}


def _training(path: Path, fingerprint: str) -> dict[str, Any]:
    """Speed and memory, which are no output of the pipeline: only if they are this training's."""
    if not path.is_file():
        return {}
    found: dict[str, Any] = read_json(path)
    if found.get("fingerprint") != fingerprint:
        return {}
    return {"lr_peak" if name == "lr" else name: value for name, value in found.items()}
