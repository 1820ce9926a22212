"""A finished project without its pipeline, and a store that is made once a session."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ruamel.yaml import YAML

from visage.tracking.address import resolve
from visage.tracking.store import ENVIRONMENT, Store, connect

OUTSIDE = [
    "DVC_EXP_BASELINE_REV",
    "DVC_EXP_NAME",
    "DVC_ROOT",
    "MLFLOW_EXPERIMENT_NAME",
    "MLFLOW_HTTP_REQUEST_TIMEOUT",
    "MLFLOW_TRACKING_URI",
    "VISAGE_TRACK",
    *ENVIRONMENT,
]
RESULTS: dict[str, Any] = {
    "metrics/evaluate.json": {
        "rmse": 9.5,
        "mae": 7.25,
        "gender_f1": 0.9,
        "harmonic": 0.78,
        "n": 40,
    },
    "metrics/details.json": {
        "part": "test",
        "seed": 17,
        "data_sha256": "ab" * 32,
        "intervals": {"rmse": [9.0, 10.0]},
        "balanced_mae": 8.5,
        "baseline": {"rmse": 20.0},
    },
    "metrics/ingest.json": {"source": "kaggle", "n_labelled": 200, "rejected_by_reason": {}},
    "metrics/split.json": {"split_seed": 13},
    "metrics/split_counts.json": {},
    "metrics/explanations/index.json": {"faces": []},
    "models/fingerprint.json": {"fingerprint": "f" * 64, "inputs": {"data": "d" * 64}},
    "models/model.json": {"backbone": "resnet18"},
    "models/decision.json": {"gender_threshold": 0.5},
    "data/predictions/submission.json": {"n": 1},
}
TEXTS = {
    "metrics/age_coverage.csv": "age_from\n0\n",
    "metrics/age_histogram.csv": "age_from\n0\n",
    "metrics/threshold_curve.csv": "threshold\n0.5\n",
    "metrics/age_bins.csv": "ages\n00-09\n",
    "metrics/age_scatter.csv": "id\na\n",
    "metrics/gender_confusion.csv": "actual\nfemale\n",
    "metrics/report.html": "<p>report</p>\n",
    "metrics/drawings/training-loss.svg": "<svg/>\n",
    "metrics/explanations/000.jpg": "a picture\n",
    "metrics/model_card.md": "# card\n",
    "models/model.safetensors": "weights\n",
    "models/familiar.safetensors": "features\n",
    "data/predictions/submission.csv": "id,age,gender\n",
}
RAW = [
    "loss",
    "loss_age",
    "loss_gender",
    "rmse",
    "mae",
    "gender_accuracy",
    "gender_f1",
    "harmonic",
]
HISTORY = pd.DataFrame(
    {
        "epoch": [1, 2],
        "lr": [1e-4, 1e-4],
        "train_loss": [0.9, 0.7],
        "train_loss_age": [0.4, 0.3],
        "train_loss_gender": [0.5, 0.4],
        "train_gender_accuracy": [0.6, 0.7],
        "val_loss": [0.8, 0.75],
        "val_loss_age": [0.4, 0.35],
        "val_loss_gender": [0.4, 0.4],
        "val_rmse": [12.0, 10.0],
        "val_mae": [9.0, 8.0],
        "val_gender_accuracy": [0.6, 0.7],
        "val_gender_f1": [None, 0.85],
        "val_harmonic": [None, 0.75],
        **{f"val_raw_{name}": [None, None] for name in RAW},
    }
)


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OUTSIDE:
        monkeypatch.setenv(name, "")  # so that it is restored, whatever the code under test sets
        monkeypatch.delenv(name)


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    """A folder as the pipeline leaves it, its dvc.lock included."""
    folder = tmp_path / "project"
    for name, value in RESULTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(value))
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    HISTORY.to_csv(folder / "metrics/history.csv", index=False)
    shutil.copy(root / "params.yaml", folder)
    lock(folder)
    return folder


def lock(folder: Path) -> None:
    """Writes the dvc.lock of a pipeline with one stage."""
    params = YAML(typ="safe").load((folder / "params.yaml").read_text())
    files = [*RESULTS, *TEXTS, "metrics/history.csv"]
    hashes = {name: _md5(folder / name) for name in files}
    outs = [{"path": path, "md5": md5} for path, md5 in _with_folders(hashes)]
    stages = {
        "all": {"params": {"params.yaml": params}, "outs": outs},
        "track": {"deps": [{"path": "params.yaml", "md5": os.urandom(4).hex()}]},
    }
    with (folder / "dvc.lock").open("w") as file:
        YAML(typ="safe").dump({"schema": "2.0", "stages": stages}, file)


def _with_folders(hashes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yields what is in no folder of its own, and the folders with DVC's name for each."""
    for name in ("metrics/drawings", "metrics/explanations"):
        inside = sorted(path for path in hashes if path.startswith(f"{name}/"))
        found = [{"md5": hashes.pop(path), "relpath": Path(path).name} for path in inside]
        yield name, f"{_hash(json.dumps(found).encode())}.dir"
    yield from hashes.items()


def _md5(path: Path) -> str:
    return _hash(path.read_bytes())


def _hash(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@pytest.fixture
def relock() -> Callable[[Path], None]:
    return lock


@pytest.fixture
def git() -> Callable[..., str]:
    def run(folder: Path, *words: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        command = ["git", "-C", str(folder), *identity, *words]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    return run


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow needs seconds to create its tables: once is enough."""
    folder = tmp_path_factory.mktemp("empty")
    with warnings.catch_warnings():
        # MLflow 3.17's own models use a loader strategy that SQLAlchemy 2.1 deprecates.
        warnings.filterwarnings(
            "ignore", message="The ``noload`` loader", category=DeprecationWarning
        )
        os.environ["MLFLOW_EXPERIMENT_NAME"] = "other"
        try:
            connect(resolve(folder), seconds=2)
        finally:
            del os.environ["MLFLOW_EXPERIMENT_NAME"]
    return folder / "mlflow/mlflow.db"


@pytest.fixture
def store(project: Path, empty_database: Path) -> Store:
    """The project's store, with no run in it."""
    (project / "mlflow").mkdir()
    shutil.copy(empty_database, project / "mlflow/mlflow.db")
    return connect(resolve(project), seconds=2)


@pytest.fixture(scope="session")
def dead_process() -> str:
    """The `process` tag of a process that has ended."""
    code = "from visage.tracking.processes import own_process; print(own_process())"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
