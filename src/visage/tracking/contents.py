"""What is to be logged about a finished run, read from its folder as plain records.

The folder is all that is read, so a run that DVC restored, or whose store was deleted, is written
again as it was. Nothing here knows MLflow.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from visage.files import paths
from visage.files.jsons import read_json
from visage.files.tables import read_table
from visage.params.load import PARAMS_FILE, read_params
from visage.records import Artifact, Metric, Param, flat_params
from visage.schema import HISTORY
from visage.tracking.headline import headline

PLOTS: Final = (
    paths.HISTORY,
    paths.AGE_HISTOGRAM,
    paths.AGE_BINS,
    paths.AGE_SCATTER,
    paths.GENDER_CONFUSION,
)
FOLDERS: Final[Mapping[Path, str]] = {
    paths.REPORT: "",
    **dict.fromkeys(PLOTS, "plots"),
    **dict.fromkeys((paths.EVALUATE_METRICS, paths.DETAILS, paths.SPLIT_METRICS), "metrics"),
    **dict.fromkeys((paths.SUBMISSION, paths.SUBMISSION_JSON), "submission"),
    **dict.fromkeys((paths.MODEL, paths.MODEL_JSON, paths.DECISION, paths.FINGERPRINT), "model"),
    PARAMS_FILE: "",
}
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
    note: str  # Markdown


def read_contents(root: Path) -> Contents:
    """Returns what the pipeline left in the folder `root`.

    Raises:
        JsonFileError: a file is missing or can't be read.
        TableError: the history is missing or has other columns.
    """
    params = read_params(root / PARAMS_FILE)
    evaluated, details = read_json(root / paths.EVALUATE_METRICS), read_json(root / paths.DETAILS)
    fingerprint = read_json(root / paths.FINGERPRINT)["fingerprint"]
    figures = {
        **evaluated,
        **details_figures(details),
        **_prefixed("data", read_json(root / paths.INGEST_METRICS)),
        **_training(root / paths.TRAIN_METRICS, fingerprint),
    }
    return Contents(
        backbone=str(params["backbone"]),
        fingerprint=fingerprint,
        params=tuple(flat_params(params)),
        curves=tuple(curves(root / paths.HISTORY)),
        figures=tuple(metrics(figures)),
        artifacts=tuple(Artifact(root / path, folder) for path, folder in FOLDERS.items()),
        note=headline(str(params["backbone"]), figures=evaluated, details=details),
    )


def metrics(values: Mapping[str, Any]) -> list[Metric]:
    """Returns the numbers among `values`; texts, nulls and NaN are left out."""
    return [
        Metric(name, float(value))
        for name, value in values.items()
        if isinstance(value, int | float) and math.isfinite(value)
    ]


def curves(path: Path) -> list[Metric]:
    """Returns the columns of the history as metrics with the epoch as step."""
    table = read_table(path, HISTORY).melt(id_vars="epoch", var_name="name").dropna()
    rows = zip(table["name"], table["value"], table["epoch"], strict=True)
    return [Metric(str(name), float(value), int(epoch)) for name, value, epoch in rows]


def details_figures(details: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the figures of metrics/details.json that runs are compared by."""
    ends = details.get("intervals", {}).items()
    return {
        **{f"{name}_low": low for name, (low, _) in ends},
        **{f"{name}_high": high for name, (_, high) in ends},
        **{name: details[name] for name in DETAILS if name in details},
        **_prefixed("baseline", details.get("baseline", {})),
        **_prefixed("without_tta", details.get("without_tta", {})),
        "interval_coverage": (details.get("interval") or {}).get("coverage"),
        "gender_calibration_error": (details.get("gender_calibration_error") or {}).get("after"),
    }


def _prefixed(group: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{group}/{name}": value for name, value in values.items()}


def _training(path: Path, fingerprint: str) -> dict[str, Any]:
    """Speed and memory, which are no output of the pipeline: only if they are this training's."""
    if not path.is_file():
        return {}
    found: dict[str, Any] = read_json(path)
    if found.get("fingerprint") != fingerprint:
        return {}
    return {"lr_peak" if name == "lr" else name: value for name, value in found.items()}
