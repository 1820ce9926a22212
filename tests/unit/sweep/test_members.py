"""Running a study's experiments, with a stand-in for dvc that keeps its book-keeping."""

import subprocess
from pathlib import Path

import pytest

from visage.sweep import members
from visage.sweep.points import Point
from visage.sweep.result import result_of


@pytest.fixture
def project(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics/evaluate.json").write_text('{"mae": 5.0}', encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


def git(root: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    command = ["git", "-C", str(root), *who, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def commits_meanwhile(root: Path, *words: str, **_: object) -> bool:
    """Leaves an experiment as dvc does; the user commits before it ends."""
    head = git(root, "rev-parse", "HEAD")
    git(root, "commit", "-q", "--allow-empty", "-m", "meanwhile")
    git(root, "update-ref", f"refs/exps/{head[:2]}/{head[2:]}/{words[4]}", head)
    return True


def test_a_commit_during_a_study_loses_no_result(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "_dvc", commits_meanwhile)
    found = [Point(name, {}) for name in ("a", "b")]
    ran = members.run_members(found, project, say=lambda _: None)
    results = [result_of(member, project) for member in ran]
    assert [result.figures for result in results] == [{"mae": 5.0}] * 2


def test_the_next_one_runs_after_a_failure(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "_dvc", lambda _root, *words, **_: words[4] != "a")
    said: list[str] = []
    ran = members.run_members([Point("a", {}), Point("b", {})], project, say=said.append)
    assert [member.done for member in ran] == [False, True]
    assert "a FAILED; see above" in said


def test_a_failed_one_has_no_figures_of_an_older_experiment_of_its_name(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = git(project, "rev-parse", "HEAD")
    git(project, "update-ref", f"refs/exps/{head[:2]}/{head[2:]}/a", head)
    monkeypatch.setattr(members, "_dvc", lambda *_words, **_options: False)
    (ran,) = members.run_members([Point("a", {})], project, say=lambda _: None)
    assert result_of(ran, project).figures == {}
