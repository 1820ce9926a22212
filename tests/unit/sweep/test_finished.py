"""Which points of a study an experiment is the outcome of, by Git's book-keeping."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from visage.sweep.finished import finished
from visage.sweep.points import Point

PARAMS = {"seed": 1, "train": {"lr": 1e-4, "epochs": 2}}
TEXT = "seed: 1\ntrain: {lr: 1e-4, epochs: %d}\n"
POINTS = (Point("a", {}), Point("b", {"train.epochs": 3}))


def git(root: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    command = ["git", "-C", str(root), *who, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "src").mkdir()
    (tmp_path / "src/code.py").write_text("1\n", encoding="utf-8")
    (tmp_path / "params.yaml").write_text(TEXT % 2, encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


@pytest.fixture
def leave(project: Path) -> Callable[..., None]:
    """Leaves an experiment as dvc does, and the workspace as it was."""

    def left(name: str, *, epochs: int, measured: bool = True) -> None:
        head = git(project, "rev-parse", "HEAD")
        (project / "params.yaml").write_text(TEXT % epochs, encoding="utf-8")
        if measured:
            (project / "metrics").mkdir()
            (project / "metrics/evaluate.json").write_text("{}", encoding="utf-8")
        git(project, "add", "-A")
        git(project, "commit", "-q", "--allow-empty", "-m", name)
        git(project, "update-ref", f"refs/exps/{head[:2]}/{head[2:]}/{name}", "HEAD")
        git(project, "reset", "-q", "--hard", head)

    return left


def test_an_experiment_of_the_same_parameters_is_the_outcome(
    project: Path, leave: Callable[..., None]
) -> None:
    leave("a", epochs=2)
    assert finished(POINTS, PARAMS, project) == ["a"]
    leave("b", epochs=3)
    assert finished(POINTS, PARAMS, project) == ["a", "b"]


def test_other_parameters_are_not(project: Path, leave: Callable[..., None]) -> None:
    leave("a", epochs=5)
    assert finished(POINTS, PARAMS, project) == []


def test_one_that_was_not_measured_is_not(project: Path, leave: Callable[..., None]) -> None:
    leave("a", epochs=2, measured=False)
    assert finished(POINTS, PARAMS, project) == []


@pytest.mark.parametrize("file", ["src/code.py", "src/more.py", "dvc.yaml"])
def test_other_code_in_the_workspace_is_not(
    project: Path, leave: Callable[..., None], file: str
) -> None:
    leave("a", epochs=2)
    (project / file).write_text("2\n", encoding="utf-8")
    assert finished(POINTS, PARAMS, project) == []


def test_experiments_of_another_commit_are_not(project: Path, leave: Callable[..., None]) -> None:
    leave("a", epochs=2)
    git(project, "commit", "-q", "--allow-empty", "-m", "later")
    assert finished(POINTS, PARAMS, project) == []
