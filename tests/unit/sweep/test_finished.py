"""Which points of a study an experiment is the outcome of, by Git's book-keeping."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.sweep.finished import finished
from visage.sweep.points import Point

PARAMS = {"seed": 1, "train": {"lr": 1e-4, "epochs": 2}}
TEXT = "seed: 1\ntrain: {lr: 1e-4, epochs: %d}\n"
POINTS = (Point("a", {}), Point("b", {"train.epochs": 3}))
Commit = Callable[[str | None, Callable[[], None]], str]


@pytest.fixture
def project(tmp_path: Path, commit_written: Commit) -> Path:
    def write() -> None:
        (tmp_path / "src").mkdir()
        (tmp_path / "src/code.py").write_text("1\n", encoding="utf-8")
        (tmp_path / "params.yaml").write_text(TEXT % 2, encoding="utf-8")

    commit_written(None, write)
    return tmp_path


@pytest.fixture
def leave(project: Path, commit_written: Commit) -> Callable[..., None]:
    """Leaves an experiment as dvc does, and the workspace as it was."""

    def left(name: str, *, epochs: int, measured: bool = True) -> None:
        def write() -> None:
            (project / "params.yaml").write_text(TEXT % epochs, encoding="utf-8")
            if measured:
                (project / "metrics").mkdir()
                (project / "metrics/evaluate.json").write_text("{}", encoding="utf-8")

        commit_written(name, write)

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


def test_experiments_of_another_commit_are_not(
    project: Path, leave: Callable[..., None], commit_written: Commit
) -> None:
    leave("a", epochs=2)
    commit_written(None, lambda: None)
    assert finished(POINTS, PARAMS, project) == []
