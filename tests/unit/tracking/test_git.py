from collections.abc import Callable
from pathlib import Path

import pytest

from visage.tracking.git import Experiment, experiments, head, is_dirty, text_at

Git = Callable[..., str]


@pytest.fixture
def repository(tmp_path: Path, git: Git) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text("a = 1\n")
    (tmp_path / "params.yaml").write_text("seed: 1\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def test_changed_param_is_not_dirty(repository: Path) -> None:
    (repository / "params.yaml").write_text("seed: 2\n")

    assert is_dirty(repository) is False


@pytest.mark.parametrize("name", ["src/a.py", "src/new.py"])
def test_changed_or_new_code_is_dirty(repository: Path, name: str) -> None:
    (repository / name).write_text("a = 2\n")

    assert is_dirty(repository) is True


def test_only_experiments_are_listed(repository: Path, git: Git) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    for ref in (f"{commit[:2]}/{commit[2:]}/mine", "exec/EXEC_HEAD", "celery/stash"):
        git(repository, "update-ref", f"refs/exps/{ref}", commit)

    assert experiments(repository) == [Experiment(name="mine", commit=commit)]


def test_file_is_read_from_a_commit(repository: Path, git: Git) -> None:
    (repository / "params.yaml").write_text("seed: 2\n")

    assert text_at(repository, "HEAD", "params.yaml") == "seed: 1"
    assert text_at(repository, "HEAD", "dvc.lock") is None


def test_project_without_git_has_no_facts(tmp_path: Path) -> None:
    assert (head(tmp_path), is_dirty(tmp_path), experiments(tmp_path)) == (None, None, [])
