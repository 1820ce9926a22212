"""A small Git repository whose commits hold a dvc.lock, as a finished pipeline's do."""

import hashlib
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

Commit = Callable[..., str]
CSV, JSON = "data/predictions/submission.csv", "data/predictions/submission.json"


def entry(deps: Mapping[str, str], outs: Mapping[str, str], name: str = "x") -> dict[str, Any]:
    """Returns a stage as dvc.lock has it; hashes by path."""
    return {
        "cmd": f"python -m stages.{name}",
        "deps": [{"path": path, "md5": md5} for path, md5 in deps.items()],
        "outs": [{"path": path, "md5": md5} for path, md5 in outs.items()],
    }


def lock_text(path: Path, stages: Mapping[str, Any]) -> None:
    """Writes a dvc.lock."""
    YAML().dump({"schema": "2.0", "stages": dict(stages)}, path)


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs git in a new repository."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "a")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@b.c")
    (tmp_path / "repository").mkdir()

    def run(*words: str) -> str:
        command = ["git", "-C", str(tmp_path / "repository"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    run("init", "-q", "-b", "main")
    return run


@pytest.fixture
def commit(git: Callable[..., str], tmp_path: Path) -> Commit:
    """Returns a function that commits a dvc.lock whose last stage wrote this table and hashes."""

    def make(table: str, hashes: str = "{}") -> str:
        outs = {
            path: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
            for path, text in ((CSV, table), (JSON, hashes))
        }
        lock_text(tmp_path / "repository/dvc.lock", {"predict": entry({}, outs)})
        git("add", "-A")
        git("commit", "-q", "--allow-empty", "-m", table)
        return git("rev-parse", "HEAD")

    return make


@pytest.fixture
def lock(tmp_path: Path) -> Callable[[Mapping[str, Any]], str]:
    """Returns a function that gives the text of a dvc.lock with these stages."""

    def text(stages: Mapping[str, Any]) -> str:
        lock_text(tmp_path / "some.lock", stages)
        return (tmp_path / "some.lock").read_text(encoding="utf-8")

    return text
