"""Fixtures that all tests share."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from importlib.metadata import distribution
from pathlib import Path

import pytest
from hypothesis import settings
from packaging.requirements import Requirement
from ruamel.yaml import YAML

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
# `dvc`, `visage` and, within MLflow, `uvicorn` are started by name, as where it is activated.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
# Two test processes with two threads each would wait for each other most of the time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A store that the user has chosen is not for the tests' runs.
for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", "DVC_ROOT"):
    os.environ.pop(name, None)
settings.register_profile("visage", deadline=None, derandomize=True)  # alike on busy machines
settings.load_profile("visage")
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    path = (ROOT / "../shared").resolve()
    if not (path / "utkface").is_dir():
        pytest.skip("../shared/ with the real faces is not here")
    return path


@pytest.fixture(autouse=True)
def cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run alike on every machine: on the CPU, without worker processes, untracked."""
    monkeypatch.setenv("VISAGE_DEVICE", "cpu")
    monkeypatch.setenv("VISAGE_WORKERS", "0")
    monkeypatch.setenv("VISAGE_TRACK", "off")


Run = Callable[..., subprocess.CompletedProcess[str]]

TINY = {
    "backbone": "test_resnet",
    "demo": {"n_labelled": 160, "n_unlabelled": 12, "image_size": 48, "seed": 7},
    "ingest": {"store_size": 48, "shard_rows": 64},
    "model": {"image_size": 48, "mlp": [16]},  # two by two fields, of which Grad-CAM makes a map
    "train": {"epochs": 2, "warmup_epochs": 1},
    "calibrate": {"unfamiliar": 0.1},  # of the few calibration faces, one is below the limit
    "evaluate": {"resamples": 100, "min_slice": 2},
    "report": {"worst": 4},
}


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a project as a clone would be, with tiny parameters, after `dvc repro`; committed.

    It is tracked, unlike what tests run in it: tests compare the two, and look for its run's id.
    """
    folder = tmp_path_factory.mktemp("finished") / "project"
    copy_checkout(folder)
    yaml = YAML()
    yaml.default_flow_style = None  # as params.yaml writes its lists; DVC can't set others again
    params = yaml.load(folder / "params.yaml")
    for section, values in TINY.items():
        if isinstance(values, dict):
            params[section].update(values)
        else:
            params[section] = values
    yaml.dump(params, folder / "params.yaml")
    (folder / "dvc.lock").unlink(missing_ok=True)
    for command in ("git init -q -b main", "git add -A", "git commit -q -m first", "dvc repro"):
        done = run_in(folder)(*command.split(), VISAGE_TRACK="on")
        assert done.returncode == 0, done.stdout + done.stderr
    run_in(folder)("git", "add", "-A")
    run_in(folder)("git", "commit", "-q", "-m", "results")
    return folder


def copy_checkout(folder: Path) -> None:
    """Copies the files that Git knows, or would know, to `folder`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def run_in(folder: Path) -> Run:
    """Returns a function that runs a command in `folder`."""
    identity = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "visage"), ("EMAIL", "visage@example.com"))
    }
    calm = {"VISAGE_DEVICE": "cpu", "VISAGE_WORKERS": "0", "COLUMNS": "200"}

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **identity, **calm, **environment},
        )

    return run


@pytest.fixture(scope="session")
def run_finished(finished: Path) -> Run:
    """Returns a function that runs a command in the finished project."""
    return run_in(finished)


@pytest.fixture
def run_stage(root: Path, tmp_path: Path) -> Run:
    """Returns a function that runs a stage of this checkout on the project in `tmp_path`."""
    return lambda name: run_in(tmp_path)("python", "-m", f"stages.{name}", PYTHONPATH=str(root))


@pytest.fixture(scope="session")
def light_python(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Returns a function that makes an environment of visage's core and the extras named.

    It is a real one, made without a network: what those ask for, and nothing else, is linked into
    it from the environment of the tests. Given back is its Python; visage itself is not in it.
    """

    def made(*extras: str) -> Path:
        folder = tmp_path_factory.mktemp("light")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        site = next(folder.glob("lib/python*/site-packages"))
        for name in _closure(_required(extras)):
            for file in distribution(name).files or []:
                top = file.parts[0]
                source = Path(str(distribution(name).locate_file(top)))
                if top != ".." and not (site / top).exists():
                    (site / top).symlink_to(source)
        return folder / "bin/python"

    return made


def _required(extras: Iterable[str]) -> list[str]:
    """Returns what pyproject.toml asks for in the core and the extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    return [*project["dependencies"], *(one for extra in extras for one in optional[extra])]


def _closure(waiting: list[str]) -> set[str]:
    """Returns the names of the distributions that these ask for, themselves included."""
    found: set[str] = set()
    while waiting:
        wanted = Requirement(waiting.pop())
        applies = wanted.marker is None or wanted.marker.evaluate({"extra": ""})
        if applies and wanted.name not in found:
            found.add(wanted.name)
            waiting += distribution(wanted.name).requires or []
    return found
