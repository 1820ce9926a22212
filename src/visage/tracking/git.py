"""What Git and DVC's experiment refs know: facts for a run's tags, none of them needed.

A project without Git, or without a commit, is tracked too: its facts are None or empty.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

CODE = ("src", "stages", "dvc.yaml", "constraints.txt")  # what computes, beside params.yaml
NOT_EXPERIMENTS = ("refs/exps/exec/", "refs/exps/celery/", "refs/exps/apply/")


@dataclass(frozen=True)
class Experiment:
    """A DVC experiment: a commit under refs/exps/<baseline>/<name>."""

    name: str
    commit: str


def head(root: Path) -> str | None:
    """Returns the commit that is checked out, 40 hex digits."""
    return _git(root, "rev-parse", "--verify", "--quiet", "HEAD")


def baseline(root: Path) -> str | None:
    """Returns the commit on which the experiment that DVC is running builds, else HEAD."""
    return os.environ.get("DVC_EXP_BASELINE_REV") or head(root)


def is_dirty(root: Path) -> bool | None:
    """Tells whether the code differs from the commit; None where there is no Git to ask.

    Params are left out: each of them is logged, and DVC writes an experiment's into the file.
    """
    changes = _git(root, "status", "--porcelain", "--", *CODE)
    return None if changes is None else bool(changes)


def experiments(root: Path) -> list[Experiment]:
    """Returns the DVC experiments that this repository has."""
    listed = _git(root, "for-each-ref", "--format=%(objectname) %(refname)", "refs/exps") or ""
    rows = (line.split(" ", 1) for line in listed.splitlines())
    return [
        Experiment(name=ref.rsplit("/", 1)[-1], commit=commit)
        for commit, ref in rows
        if ref.count("/") == 4 and not ref.startswith(NOT_EXPERIMENTS)
    ]


def locking_commits(root: Path, lock: str) -> list[str]:
    """Returns the commits of branches and tags that changed the file `lock`, newest first."""
    left_out = ("--exclude=refs/exps/*", "--exclude=refs/stash")
    found = _git(root, "rev-list", *left_out, "--all", "--full-history", "--", f"./{lock}") or ""
    return found.split()


def parent(root: Path, commit: str) -> str | None:
    """Returns the commit before, for an experiment the one that it started from."""
    return _git(root, "rev-parse", "--verify", "--quiet", f"{commit}^")


def time_ms(root: Path, commit: str) -> int:
    """Returns when a commit was made, Unix time in milliseconds, 0 where that is not known."""
    return 1000 * int(_git(root, "show", "--no-patch", "--format=%ct", commit) or 0)


def text_at(root: Path, commit: str, name: str) -> str | None:
    """Returns a file of the folder `root` as it is in a commit, None where it isn't there."""
    return _git(root, "show", f"{commit}:./{name}")


def _git(root: Path, *words: str) -> str | None:
    command = ["git", "-C", str(root), *words]
    try:
        # The user's own git, found as the shell finds it, with words that no user chooses.
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
