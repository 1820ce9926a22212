"""Trainings that are killed, at random moments, through the real commands."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from visage.tracking.address import resolve
from visage.tracking.store import Run, connect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning"),  # MLflow's own
]
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


def environment(**changes: str) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    calm = {"VISAGE_TRACK": "on", "VISAGE_STATE_MINUTES": "0.005", "PATH": path}
    return {**os.environ, **calm, **changes}


def start(project: Path, **changes: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["dvc", "repro", "train"],
        cwd=project,
        env=environment(**changes),
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    """Returns what a process said that ended well."""
    said = process.communicate()[0]
    assert process.returncode == 0, said
    return said


def books(project: Path) -> list[Path]:
    return list(project.glob(".visage/state/*/states.json"))


def wait_until_it_trains(process: subprocess.Popen[str], project: Path) -> None:
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


def test_ten_kills_end_in_the_undisturbed_bytes_and_one_run(project: Path, tmp_path: Path) -> None:
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(project, undisturbed, symlinks=True)
    finish(start(undisturbed, VISAGE_RESUME="never"))
    moments, kills = random.Random(5), 0  # noqa: S311
    while kills < KILLS:
        process = start(project)
        wait_until_it_trains(process, project)
        time.sleep(moments.uniform(0, 0.8))
        assert process.poll() is None, f"it ended after {kills} kills: {process.communicate()[0]}"
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        kills += 1
    finish(start(project))
    assert products(project) == products(undisturbed)
    assert [run.status for run in runs(project)] == ["FINISHED"]
    assert not books(project)


def test_ctrl_c_keeps_the_state_and_the_run(project: Path) -> None:
    process = start(project)
    wait_until_it_trains(process, project)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate()[0]
    assert process.returncode != 0
    assert "SIGINT: stopping behind this step" in said
    assert [run.status for run in runs(project)] == ["KILLED"]
    said = finish(start(project))
    assert "Going on with epoch" in said
    assert [run.status for run in runs(project)] == ["FINISHED"]


def test_code_that_changed_since_is_refused_and_can_be_forced(project: Path) -> None:
    process = start(project)
    wait_until_it_trains(process, project)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    place = project / "src/visage/training/sizes.py"
    place.write_text(place.read_text() + "\n# changed\n")
    refused = start(project)
    said = refused.communicate()[0]
    assert refused.returncode != 0
    assert "VISAGE_RESUME=force" in said
    finish(start(project, VISAGE_RESUME="force"))


def test_a_state_does_not_outlive_its_training(project: Path) -> None:
    finish(start(project))
    assert {path.suffix for path in project.glob(".visage/state/*")} == {".lock"}
