"""The model of a tracked run behind MLflow's own commands."""

import base64
import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any

import numpy as np
import pytest

from visage.files.jpeg import encode

pytestmark = pytest.mark.slow
GREY = encode(np.full((48, 48, 3), 128, np.uint8), jpeg_quality=90)
MLFLOW = (sys.executable, "-m", "mlflow", "models")


@pytest.fixture(scope="module")
def packed(finished: Path) -> Path:
    """The folder `model` of the finished project's run, as MLflow keeps it."""
    with contextlib.closing(sqlite3.connect(finished / "mlflow/mlflow.db")) as store:
        (address,) = store.execute(
            "SELECT artifact_uri FROM runs WHERE status = 'FINISHED' ORDER BY start_time LIMIT 1"
        ).fetchone()
    return Path(address.removeprefix("file://")) / "model"


def environment(root: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(root / "src"), "PYTHONWARNINGS": "ignore"}


def question(*images: object) -> dict[str, Any]:
    return {"dataframe_split": {"columns": ["image"], "data": [[image] for image in images]}}


def test_predict_reads_base64_and_fetches_no_address(
    packed: Path, root: Path, tmp_path: Path
) -> None:
    asked, answered = tmp_path / "in.json", tmp_path / "out.json"
    text = base64.b64encode(GREY).decode()
    asked.write_text(json.dumps(question(text, "http://127.0.0.1/face.jpg")))
    words = ["predict", "-m", packed, "-i", asked, "-o", answered, "-t", "json"]
    done = subprocess.run(
        [*MLFLOW, *words, "--env-manager", "local"],
        env=environment(root),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    face, refused = json.loads(answered.read_text())["predictions"]
    assert 0 <= face["age_low"] <= face["age"] <= face["age_high"] <= 100
    assert face["gender"] in (0, 1)
    assert "no base64" in refused["error"]


@pytest.fixture
def served(packed: Path, root: Path) -> Iterator[str]:
    """The address of MLflow's server."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    words = ["serve", "-m", packed, "--env-manager", "local", "--port", str(port)]
    process = Popen(
        [*MLFLOW, *words],
        env=environment(root),
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(f"{url}/ping", timeout=5).status == 200:
                    break
            time.sleep(0.2)
        yield url
    finally:
        os.killpg(process.pid, 15)
        process.wait()


def test_serve_answers_base64_and_arrays(served: str) -> None:
    images = [base64.b64encode(GREY).decode(), np.full((8, 8, 3), 128).tolist()]
    for image in images:
        request = urllib.request.Request(
            f"{served}/invocations",
            data=json.dumps(question(image)).encode(),
            headers={"Content-Type": "application/json"},
        )
        (face,) = json.load(urllib.request.urlopen(request, timeout=60))["predictions"]
        assert face["error"] is None
        assert 0 <= face["age"] <= 100
