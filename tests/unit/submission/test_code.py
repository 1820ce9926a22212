"""Commits are found by the files that they have, whatever their ids."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from visage.submission.code import code_commits
from visage.submission.git import GitError
from visage.submission.lock import Stage

Git = Callable[..., str]


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def folder(**files: str) -> str:
    """DVC's hash of a folder, as its own lock files have it."""
    listed = [{"md5": md5(text), "relpath": f"{name}.py"} for name, text in sorted(files.items())]
    return f"{md5(json.dumps(listed, sort_keys=True))}.dir"


def reading(**deps: str) -> list[Stage]:
    paths = {name.replace("__", "/").replace("_py", ".py"): value for name, value in deps.items()}
    return [Stage("predict", "x", {**paths, "data/faces": "not code"}, {})]


@pytest.fixture
def written(git: Git, tmp_path: Path) -> Callable[..., str]:
    """Returns a function that commits files of code, and gives the commit."""

    def commit(**files: str) -> str:
        for name, text in files.items():
            path = tmp_path / "repository/src" / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        git("add", "-A")
        git("commit", "-q", "-m", "x")
        return git("rev-parse", "HEAD")

    return commit


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return tmp_path / "repository"


def test_the_commit_with_a_files_content_is_found(
    repository: Path, written: Callable[..., str]
) -> None:
    old, new = written(a="1\n\n"), written(a="2")
    assert code_commits(repository, reading(src__a_py=md5("1\n\n"))) == [old]
    assert code_commits(repository, reading(src__a_py=md5("2"))) == [new]
    assert code_commits(repository, reading(src__a_py=md5("3"))) == []
    assert code_commits(repository, reading(src__b_py=md5("2"))) == []


def test_a_folder_is_all_that_is_in_it(repository: Path, written: Callable[..., str]) -> None:
    old, new = written(heads__a="1", headsmen="x"), written(heads__b="2")
    assert code_commits(repository, reading(src__heads=folder(a="1"))) == [old]
    assert code_commits(repository, reading(src__heads=folder(a="1", b="2"))) == [new]
    assert code_commits(repository, reading(src__heads=folder(b="2"))) == []


def test_an_experiment_is_no_place_to_keep_code(
    repository: Path, written: Callable[..., str], git: Git
) -> None:
    written(a="1")
    lost = written(a="2")
    git("update-ref", "refs/exps/12/3456/mine", lost)
    git("reset", "-q", "--hard", "HEAD~")
    assert code_commits(repository, reading(src__a_py=md5("2"))) == []
    git("tag", "handed-in", lost)
    assert code_commits(repository, reading(src__a_py=md5("2"))) == [lost]


def test_an_object_that_is_lost_is_no_crash(
    repository: Path, git: Git, written: Callable[..., str]
) -> None:
    written(a="1")
    blob = git("rev-parse", "HEAD:src/a.py")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(GitError, match=f"object {blob} is missing, .* `git fetch` or another"):
        code_commits(repository, reading(src__a_py=md5("1")))


def test_an_object_that_is_broken_is_no_crash(
    repository: Path, git: Git, written: Callable[..., str]
) -> None:
    written(a="1")
    blob = git("rev-parse", "HEAD:src/a.py")
    path = repository / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"broken")
    with pytest.raises(GitError, match=r"`git fsck`"):
        code_commits(repository, reading(src__a_py=md5("1")))


def test_without_git_the_remedy_is_said(
    repository: Path, written: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written(a="1")
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(GitError, match=r"git can't be run .*; install Git"):
        code_commits(repository, reading(src__a_py=md5("1")))
