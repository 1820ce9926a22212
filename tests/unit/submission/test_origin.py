from collections.abc import Callable
from pathlib import Path

import pytest

from visage.submission.git import GitError
from visage.submission.origin import OriginError, find_origin

Git = Callable[..., str]
Commit = Callable[..., str]


@pytest.fixture
def repository(git: Git, tmp_path: Path) -> Path:
    return tmp_path / "repository"


def written(path: Path, table: str, hashes: str | None = None) -> Path:
    """A submission outside of the repository, under another name."""
    file = path / "mine.csv"
    file.write_text(table, encoding="utf-8")
    if hashes is not None:
        file.with_suffix(".json").write_text(hashes, encoding="utf-8")
    return file


def test_an_older_commit_that_made_it_is_found(
    repository: Path, commit: Commit, tmp_path: Path
) -> None:
    wanted, _ = commit("first"), commit("second")
    found = find_origin(written(tmp_path, "first"), repository)
    assert (found.commit, found.experiment, found.is_edited) == (wanted, None, False)
    assert found.others == 0


def test_a_commit_of_another_branch_is_found(
    repository: Path, commit: Commit, git: Git, tmp_path: Path
) -> None:
    commit("first")
    git("switch", "-q", "-c", "other")
    wanted = commit("elsewhere")
    git("switch", "-q", "main")
    assert find_origin(written(tmp_path, "elsewhere"), repository).commit == wanted


def test_an_experiment_is_found_with_its_name(
    repository: Path, commit: Commit, git: Git, tmp_path: Path
) -> None:
    start = commit("first")
    wanted = commit("tried")
    git("update-ref", f"refs/exps/{start[:2]}/{start[2:]}/mine", wanted)
    git("reset", "-q", "--hard", start)
    found = find_origin(written(tmp_path, "tried"), repository)
    assert (found.commit, found.experiment) == (wanted, "mine")


def test_a_commit_on_a_branch_comes_before_an_experiment(
    repository: Path, commit: Commit, git: Git, tmp_path: Path
) -> None:
    start = commit("first")
    tried = commit("tried")
    git("update-ref", f"refs/exps/{start[:2]}/{start[2:]}/mine", tried)
    git("reset", "-q", "--hard", start)
    taken = commit("tried", "another account of the same table")
    found = find_origin(written(tmp_path, "tried"), repository)
    assert (found.commit, found.experiment, found.others) == (taken, None, 1)


def test_a_later_commit_with_the_same_lock_is_not_taken(
    repository: Path, commit: Commit, tmp_path: Path
) -> None:
    wanted = commit("first")
    (repository / "code.py").touch()
    assert commit("first") != wanted
    assert find_origin(written(tmp_path, "first"), repository).commit == wanted


def test_an_edited_file_is_found_by_the_hashes_beside_it(
    repository: Path, commit: Commit, tmp_path: Path
) -> None:
    wanted = commit("first", "its hashes")
    found = find_origin(written(tmp_path, "edited", "its hashes"), repository)
    assert (found.commit, found.is_edited) == (wanted, True)


def test_an_unknown_file_is_refused_with_the_remedies(
    repository: Path, commit: Commit, tmp_path: Path
) -> None:
    commit("first")
    with pytest.raises(OriginError, match=r"none of the 1 .*no submission\.json.*dvc exp pull"):
        find_origin(written(tmp_path, "unknown"), repository)


def test_what_is_not_committed_yet_is_said(
    repository: Path, commit: Commit, git: Git, tmp_path: Path
) -> None:
    commit("first")
    commit("second")
    git("reset", "-q", "--soft", "HEAD~")
    git("reflog", "expire", "--expire=now", "--all")
    with pytest.raises(OriginError, match="not committed: git add -A && git commit"):
        find_origin(written(tmp_path, "second"), repository)


def test_a_named_commit_is_the_only_one_looked_at(
    repository: Path, commit: Commit, tmp_path: Path
) -> None:
    commit("first")
    other = commit("second")
    with pytest.raises(OriginError, match="did not make it"):
        find_origin(written(tmp_path, "first"), repository, commit=other)
    assert find_origin(written(tmp_path, "second"), repository, commit="main").commit == other
    with pytest.raises(GitError, match="rev-parse failed"):
        find_origin(written(tmp_path, "first"), repository, commit="nothing")


def test_a_dvc_lock_of_another_form_is_passed_over(
    repository: Path, commit: Commit, git: Git, tmp_path: Path
) -> None:
    commit("first")
    text = (repository / "dvc.lock").read_text(encoding="utf-8")
    (repository / "dvc.lock").write_text(text.replace("stages:", "other:"), encoding="utf-8")
    git("commit", "-q", "-a", "-m", "other form")
    assert find_origin(written(tmp_path, "first"), repository).others == 0
