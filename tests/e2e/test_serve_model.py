"""`visage serve` with an exported model of the pipeline, where torch is not installed."""

import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE, CompletedProcess, Popen
from typing import Any

import matplotlib.cbook
import pytest

pytestmark = pytest.mark.slow
Run = Callable[..., CompletedProcess[str]]
HOPPER = Path(str(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))
SERVE = "import sys; from visage.cli.main import app; app(sys.argv[1:])"


@pytest.fixture(scope="module")
def model(run_finished: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the finished project's model as an ONNX file."""
    path = tmp_path_factory.mktemp("exported") / "model.onnx"
    done = run_finished("visage", "export", "--output", str(path), "--check", "8")
    assert done.returncode == 0, done.stdout + done.stderr
    return path


@pytest.fixture(scope="module")
def python(light_python: Callable[..., Path]) -> Path:
    """Returns the Python of an environment with what a server needs, and nothing else."""
    return light_python("onnx", "serve")


@pytest.fixture
def server(root: Path, model: Path, python: Path) -> Iterator[Popen[str]]:
    """Returns the server, started by its command; the first line that it says is its address."""
    words = ["serve", "--model", str(model), "--margin", "0", "--port", "0"]
    process = Popen(
        [python, "-c", SERVE, *words],
        cwd=python.parent,
        env={**environment(root), "VISAGE_THREADS": "1"},
        stdout=PIPE,
        stderr=PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def environment(root: Path) -> dict[str, str]:
    without = {name: value for name, value in os.environ.items() if name != "VISAGE_API_KEY"}
    return {**without, "PYTHONPATH": str(root / "src")}


def address(process: Popen[str]) -> str:
    """Returns where the server is, once it is ready."""
    assert process.stderr is not None
    url = process.stderr.readline().split()[0]
    for _ in range(600):
        assert process.poll() is None, process.communicate()
        try:
            if urllib.request.urlopen(f"{url}/ready", timeout=5).status == 200:
                return url
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} is not ready after a minute")


def asked(url: str, photo: bytes) -> Any:
    request = urllib.request.Request(
        f"{url}/faces", data=photo, headers={"Content-Type": "image/jpeg"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_torch_is_not_there(root: Path, python: Path) -> None:
    words = [python, "-c", "import torch"]
    done = subprocess.run(words, env=environment(root), capture_output=True, text=True, check=False)
    assert "No module named 'torch'" in done.stderr


def test_the_face_of_a_photo_is_answered_and_the_end_is_a_good_one(server: Popen[str]) -> None:
    told = asked(address(server), HOPPER.read_bytes())
    server.send_signal(signal.SIGTERM)
    log, said = server.communicate(timeout=60)
    assert (told["width"], told["height"]) == (512, 600)
    (face,) = told["faces"]
    assert 165 < face["x0"] < 200  # measured by eye
    assert 330 < face["x1"] < 375
    assert face["y0"] < 187 < 280 < face["y1"]  # the eyes and the mouth
    assert 0 <= face["age_low"] <= face["age"] <= face["age_high"] <= 100
    assert face["gender"] in (0, 1)
    assert 0 <= face["gender_probability"] <= 1
    assert (server.returncode, said) == (0, "")
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["status"] for line in lines if line.get("route") == "/faces"] == [200]
