import errno
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from visage.files.pins import Pin, write_pin
from visage.sweep.repository import (
    RepositoryError,
    committed_text,
    experiments,
    has_code_of,
    head,
    refuse_unready,
    root_faults,
    unknown_files,
)

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Runs git in a new repository of a user without a name."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{name}_NAME", raising=False)
        monkeypatch.delenv(f"GIT_{name}_EMAIL", raising=False)
    monkeypatch.delenv("EMAIL", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def run(*words: str) -> str:
        command = ["git", "-C", str(tmp_path), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    run("init", "-q", "-b", "main")
    return run


@pytest.fixture
def committed(git: Git, tmp_path: Path) -> Path:
    """A repository with a commit of a dvc.yaml, by someone with a name."""
    (tmp_path / "dvc.yaml").write_text("stages:\n  demo: {outs: [data/demo]}\n", encoding="utf-8")
    git("config", "user.name", "a")
    git("config", "user.email", "a@b.c")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    return tmp_path


def test_a_repository_with_a_commit_and_a_user_is_ready(committed: Path) -> None:
    refuse_unready(committed)
    assert experiments(committed, start=head(committed)) == {}


def test_without_a_commit_the_remedy_is_said(git: Git, tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match=r"has no commit.*git add -A && git commit"):
        refuse_unready(tmp_path)


def test_without_a_user_the_remedy_is_said(committed: Path, git: Git) -> None:
    git("config", "--unset", "user.name")
    with pytest.raises(RepositoryError, match="git config user.name"):
        refuse_unready(committed)


def test_experiments_are_those_of_this_commit(committed: Path, git: Git) -> None:
    commit = git("rev-parse", "HEAD")
    git("update-ref", f"refs/exps/{commit[:2]}/{commit[2:]}/mine", "HEAD")
    git("update-ref", f"refs/exps/00/{'0' * 38}/another", "HEAD")
    assert experiments(committed, start=commit) == {"mine": commit}


def test_a_file_is_read_from_a_commit(committed: Path, git: Git) -> None:
    (committed / "dvc.yaml").write_text("changed", encoding="utf-8")
    assert committed_text(committed, "HEAD", Path("dvc.yaml")).startswith("stages:")
    assert committed_text(committed, "HEAD", Path("nothing.json")) == ""


def test_files_that_git_does_not_know_are_named(committed: Path, git: Git) -> None:
    (committed / "src").mkdir()
    (committed / "src/new.py").touch()
    (committed / "notes.txt").touch()
    assert unknown_files(committed) == ["src/new.py"]
    git("add", "-N", "src/new.py")
    assert unknown_files(committed) == []


def faults(root: Path, value: str) -> list[str]:
    return root_faults({"data": {"root": value}}, root)


def test_a_root_that_a_stage_writes_is_there(committed: Path) -> None:
    assert faults(committed, "data/demo") == []


def test_an_absolute_root_is_there_if_it_exists(committed: Path) -> None:
    assert faults(committed, str(committed)) == []
    (fault,) = faults(committed, "/no/such/folder")
    assert fault.startswith("data.root: '/no/such/folder' does not exist; set the absolute path")


def test_an_absolute_pin_is_there_if_its_folder_is(committed: Path) -> None:
    (committed / "faces").mkdir()
    pin = committed / "pins/faces.sha256"
    write_pin(pin, Pin(committed / "faces", {}))
    assert faults(committed, str(pin)) == []
    (committed / "faces").rmdir()
    (fault,) = faults(committed, str(pin))
    assert f"{pin} is the pin of '{committed}/faces', which does not exist" in fault


def test_an_absolute_pin_that_is_not_there_is_to_be_made(committed: Path) -> None:
    (fault,) = faults(committed, "/no/such.sha256")
    assert "there is no pin '/no/such.sha256'; make it with `visage data pin FOLDER`" in fault


def test_a_broken_pin_is_no_crash(committed: Path) -> None:
    pin = committed / "broken.sha256"
    pin.touch()
    assert faults(committed, str(pin)) == [
        f"{pin} is no pin; make it with `visage data pin FOLDER`"
    ]


def test_a_root_that_may_not_be_looked_at_is_no_crash(
    committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", locked)
    (fault,) = faults(committed, "/locked/faces")
    assert "can't look at /locked/faces (Permission denied)" in fault


def test_a_pin_that_git_does_not_know_is_to_be_added(committed: Path, git: Git) -> None:
    (committed / "faces").mkdir()
    write_pin(committed / "pins/faces.sha256", Pin(committed / "faces", {}))
    (fault,) = faults(committed, "pins/faces.sha256")
    assert fault.endswith("lacks it; `git add pins/faces.sha256`")
    git("add", "pins/faces.sha256")
    assert faults(committed, "pins/faces.sha256") == []


def test_a_root_that_dvc_tracks_is_there(committed: Path) -> None:
    (committed / "faces.dvc").touch()
    assert faults(committed, "faces") == []


def test_a_root_that_no_snapshot_has_is_refused_with_both_remedies(committed: Path) -> None:
    (committed / "faces").mkdir()
    (fault,) = faults(committed, "faces")
    assert f"give the absolute path {committed.resolve()}/faces, or `dvc add faces`" in fault


def test_code_that_git_can_not_tell_of_is_not_the_same(committed: Path, git: Git) -> None:
    commit = git("rev-parse", "HEAD")
    assert has_code_of(committed, commit)
    assert not has_code_of(committed, "0" * 40)
    tree = git("rev-parse", "HEAD^{tree}")
    (committed / ".git/objects" / tree[:2] / tree[2:]).unlink()
    assert not has_code_of(committed, commit)


def test_what_is_no_repository_is_said_to_be_none(tmp_path: Path) -> None:
    assert head(tmp_path) == ""
    assert experiments(tmp_path, start="") == {}
    assert not has_code_of(tmp_path, "HEAD")
    with pytest.raises(RepositoryError, match=r"no repository that Git can read .*`git init"):
        refuse_unready(tmp_path)


def test_without_git_the_remedy_is_said(
    committed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(RepositoryError, match=r"git can't be run .*; install Git"):
        has_code_of(committed, "HEAD")
