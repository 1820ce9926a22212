"""A submission whose state lies beside it is found without the experiment that made it."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from visage.submission.kept import KeepError, keep, kept_beside
from visage.submission.origin import OriginError, find_origin
from visage.sweep.references import UnknownReferenceError

Git = Callable[..., str]
Lock = Callable[[Mapping[str, Any]], str]
TABLE = "id,age,gender\n1,30.0000,1\n"
SUBMISSION = "data/predictions/submission.csv"


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def repository(git: Git, lock: Lock, tmp_path: Path) -> Path:
    """A project whose experiment `mine` made TABLE; the branch has its code and another state."""
    root = tmp_path / "repository"
    entry = {
        "cmd": "python -m stages.predict",
        "deps": [{"path": "src/a.py", "md5": md5("code")}],
        "outs": [{"path": SUBMISSION, "md5": md5(TABLE)}],
    }
    for path, text in {".dvc/config": "", "src/a.py": "code", "params.yaml": "seed: 1\n"}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    git("add", "-A")
    git("commit", "-q", "-m", "code")
    for path, text in {
        "dvc.lock": lock({"predict": entry}),
        "params.yaml": "seed: 2\n",
        SUBMISSION: TABLE,
        SUBMISSION.replace(".csv", ".json"): "{}",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    git("add", "-A")
    git("commit", "-q", "-m", "state")
    git("update-ref", f"refs/exps/12/{'3' * 38}/mine", "HEAD")
    git("reset", "-q", "--hard", "HEAD~")
    return root


@pytest.fixture
def kept(repository: Path, git: Git) -> Path:
    """Returns the experiment's submission as it was kept; the experiment is no more."""
    file = repository / "docs/mine-submission.csv"
    keep("mine", repository, file=file)
    git("update-ref", "-d", f"refs/exps/12/{'3' * 38}/mine")
    return file


def test_the_table_and_its_state_are_written_under_one_name(kept: Path) -> None:
    names = [f"mine-submission.{end}" for end in ("csv", "dvc.lock", "json", "params.yaml")]
    assert sorted(path.name for path in kept.parent.iterdir()) == names
    assert kept.read_text(encoding="utf-8") == TABLE
    assert kept.with_suffix(".params.yaml").read_text(encoding="utf-8") == "seed: 2\n"


def test_it_is_found_with_the_commit_that_has_its_code(
    kept: Path, repository: Path, git: Git
) -> None:
    found = find_origin(kept, repository)
    assert found.commit == git("rev-parse", "HEAD")
    assert found.kept is not None
    assert found.kept.lock == kept.with_suffix(".dvc.lock")
    assert found.stages["predict"].outs == {SUBMISSION: md5(TABLE)}


def test_an_edited_table_is_refused(kept: Path, repository: Path) -> None:
    kept.write_text(TABLE.replace("30", "31"), encoding="utf-8")
    with pytest.raises(OriginError, match=r"was changed since it was kept: .*dvc\.lock names"):
        find_origin(kept, repository)


def test_a_clone_without_the_code_is_told_so(kept: Path, repository: Path, git: Git) -> None:
    (repository / "src/a.py").write_text("other code", encoding="utf-8")
    git("commit", "-q", "-a", "--amend", "-m", "other")
    with pytest.raises(OriginError, match=r"no commit of a branch or tag here has the code"):
        find_origin(kept, repository)


def test_a_half_of_the_state_is_none(kept: Path) -> None:
    kept.with_suffix(".params.yaml").unlink()
    assert kept_beside(kept) is None


def test_code_that_no_branch_has_is_refused_and_nothing_is_written(
    repository: Path, git: Git
) -> None:
    (repository / "src/a.py").write_text("other code", encoding="utf-8")
    git("commit", "-q", "-a", "--amend", "-m", "other")
    made = git("for-each-ref", "--format=%(objectname)", "refs/exps")
    with pytest.raises(KeepError, match=f"no commit of a branch .* `git tag .* {made}` keeps"):
        keep("mine", repository, file=repository / "docs/mine.csv")
    assert not (repository / "docs").exists()


def test_a_tag_keeps_code_that_no_branch_has(repository: Path, git: Git) -> None:
    (repository / "src/a.py").write_text("other code", encoding="utf-8")
    git("commit", "-q", "-a", "--amend", "-m", "other")
    git("tag", "handed-in", git("for-each-ref", "--format=%(objectname)", "refs/exps"))
    keep("mine", repository, file=repository / "docs/mine.csv")
    assert (repository / "docs/mine.params.yaml").is_file()


def test_a_table_of_another_ending_is_refused(repository: Path) -> None:
    with pytest.raises(KeepError, match=r"must end with \.csv"):
        keep("mine", repository, file=repository / "docs/mine.json")


def test_a_name_of_several_experiments_is_refused_with_their_commits(
    repository: Path, git: Git
) -> None:
    made = git("for-each-ref", "--format=%(objectname)", "refs/exps")
    git("update-ref", f"refs/exps/45/{'6' * 38}/mine", "HEAD")
    with pytest.raises(UnknownReferenceError, match=r"mine: 2 experiments .* give the commit: "):
        keep("mine", repository, file=repository / "docs/mine.csv")
    keep(made[:10], repository, file=repository / "docs/mine.csv")
    assert (repository / "docs/mine.params.yaml").read_text(encoding="utf-8") == "seed: 2\n"
