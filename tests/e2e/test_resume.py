"""Trainings that are killed, at random moments, through the real commands."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest
from ruamel.yaml import YAML

from visage.tracking.address import resolve
from visage.tracking.store import Run, connect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning"),  # MLflow's own
]
Train = Callable[..., Popen[str]]
Ended = Callable[[Popen[str]], str]
KILLS = 10
EPOCHS = 40
PRODUCTS = ("models/model.safetensors", "models/model.json", "metrics/history.csv")


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    """Returns a copy of the finished project whose training has yet to be done, and is longer."""
    folder = tmp_path / "project"
    shutil.copytree(finished, folder, symlinks=True)
    shutil.rmtree(folder / "mlflow", ignore_errors=True)
    yaml = YAML()
    params = yaml.load(folder / "params.yaml")
    params["train"].update(epochs=EPOCHS, patience=None, ema_decay=0.99)
    yaml.dump(params, folder / "params.yaml")
    return folder


@pytest.fixture
def train(start: Callable[..., Popen[str]]) -> Train:
    """Returns a function that starts the training of a project, tracked."""

    def started(project: Path, **changes: str) -> Popen[str]:
        return start(project, "dvc", "repro", "train", **{"VISAGE_TRACK": "on", **changes})

    return started


def books(project: Path) -> list[Path]:
    return list(project.glob(".visage/state/*/states.json"))


def wait_until_it_trains(process: Popen[str], project: Path) -> None:
    """Returns when the process has written a state, or has ended."""
    before = {path: path.stat().st_mtime_ns for path in books(project)}
    while process.poll() is None:
        now = {path: path.stat().st_mtime_ns for path in books(project)}
        if now.keys() - before.keys() or any(now[path] != before.get(path) for path in now):
            return
        time.sleep(0.05)


def products(project: Path) -> dict[str, bytes]:
    return {name: (project / name).read_bytes() for name in PRODUCTS}


def runs(project: Path) -> list[Run]:
    return connect(resolve(project), seconds=2).runs({})


def test_ten_kills_end_in_the_undisturbed_bytes_and_one_run(
    project: Path, train: Train, ended: Ended, tmp_path: Path
) -> None:
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(project, undisturbed, symlinks=True)
    ended(train(undisturbed, VISAGE_RESUME="never"))
    moments, kills = random.Random(5), 0
    while kills < KILLS:
        process = train(project)
        wait_until_it_trains(process, project)
        time.sleep(moments.uniform(0, 0.8))
        assert process.poll() is None, f"it ended after {kills} kills: {process.communicate()[0]}"
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        kills += 1
    ended(train(project))
    assert products(project) == products(undisturbed)
    assert [run.status for run in runs(project)] == ["FINISHED"]
    assert not books(project)


def test_ctrl_c_keeps_the_state_and_the_run(project: Path, train: Train, ended: Ended) -> None:
    process = train(project)
    wait_until_it_trains(process, project)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate()[0]
    assert process.returncode != 0
    assert "SIGINT: stopping behind this step" in said
    assert [run.status for run in runs(project)] == ["KILLED"]
    said = ended(train(project))
    assert "Going on with epoch" in said
    assert [run.status for run in runs(project)] == ["FINISHED"]


def test_code_that_changed_since_is_refused_and_can_be_forced(
    project: Path, train: Train, ended: Ended
) -> None:
    process = train(project)
    wait_until_it_trains(process, project)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    place = project / "src/visage/training/sizes.py"
    place.write_text(place.read_text() + "\n# changed\n")
    refused = train(project)
    said = refused.communicate()[0]
    assert refused.returncode != 0
    assert "VISAGE_RESUME=force" in said
    ended(train(project, VISAGE_RESUME="force"))


def test_a_state_does_not_outlive_its_training(project: Path, train: Train, ended: Ended) -> None:
    ended(train(project))
    assert {path.suffix for path in project.glob(".visage/state/*")} == {".lock", ".next"}
