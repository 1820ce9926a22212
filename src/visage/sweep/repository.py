"""What Git knows of experiments: the commit that they hang on, their names, what they would lack.

DVC keeps an experiment as the commit refs/exps/<first two digits>/<the rest>/<name> of the commit
that it started from, and runs it in a snapshot of what Git knows.
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from visage.data.source import find_root
from visage.errors import VisageError
from visage.files.pins import SUFFIX
from visage.files.pipeline import read_pipeline

CODE = ("src", "stages", "dvc.yaml", "params.yaml", "constraints.txt")
_UNKNOWN: Final = ("ls-files", "--others", "--exclude-standard", "--", *CODE)


class RepositoryError(VisageError):
    """The Git repository is not ready for experiments."""


def refuse_unready(root: Path) -> None:
    """Makes sure that there is a commit to start from and a name to commit experiments under.

    Raises:
        RepositoryError: with the command that mends it.
    """
    found = _run(root, "rev-parse", "--git-dir")
    if found.returncode:
        raise RepositoryError(
            f"{root} is no repository that Git can read ({found.stderr.strip()}); "
            "`git init && dvc init` makes one"
        )
    if not _git(root, "rev-parse", "--verify", "--quiet", "HEAD"):
        raise RepositoryError(
            f"{root} has no commit, and experiments start from one: git add -A && git commit"
        )
    if not _git(root, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"):
        raise RepositoryError(
            "Git does not know who you are, and DVC commits experiments: "
            'git config user.name "Your Name" && git config user.email you@example.com'
        )


def head(root: Path) -> str:
    """Returns the commit that an experiment would start from now, "" where there is none."""
    return _git(root, "rev-parse", "HEAD")


def commit_of(root: Path, name: str) -> str:
    """Returns the commit of a Git revision, "" where there is none of this name."""
    return _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")


def experiments(root: Path, *, start: str) -> dict[str, str]:
    """Returns the names of the experiments that start from a commit, each with its own commit."""
    if not start:
        return {}
    place = f"refs/exps/{start[:2]}/{start[2:]}/"
    listed = _git(root, "for-each-ref", "--format=%(refname) %(objectname)", place)
    rows = (line.removeprefix(place).split(" ") for line in listed.splitlines())
    return {name: commit for name, commit in rows if "/" not in name}


def committed_text(root: Path, commit: str, path: Path) -> str:
    """Returns a file as it is in a commit, "" where it isn't there."""
    return _git(root, "show", f"{commit}:./{path.as_posix()}")


def unknown_files(root: Path) -> list[str]:
    """Returns files of the pipeline that Git does not know, so that no experiment has them."""
    return (_asked(root, *_UNKNOWN) or "").splitlines()


def has_code_of(root: Path, commit: str) -> bool:
    """Tells whether the workspace's pipeline, but for its parameters, is known to be a commit's.

    Where Git can't tell, it is not known.
    """
    code = [name for name in CODE if name != "params.yaml"]
    answers = _asked(root, *_UNKNOWN), _asked(root, "diff", "--name-only", commit, "--", *code)
    return all(answer == "" for answer in answers)


def root_faults(tree: Mapping[str, Any], root: Path) -> list[str]:
    """Returns why the snapshot of an experiment would lack `data.root`, or nothing."""
    value = tree["data"]["root"]
    if Path(value).is_absolute():
        return missing_folder(Path(value))
    if (
        _is_output(value, root)
        or (root / f"{value}.dvc").is_file()
        or _git(root, "ls-files", value)
    ):
        return []
    remedy = (
        f"`git add {value}`"
        if value.endswith(SUFFIX)
        else f"give the absolute path {(root / value).resolve()}, or `dvc add {value}`"
    )
    return [
        f"data.root: {value} is known neither to Git nor to DVC, so an experiment, which runs in "
        f"a snapshot, lacks it; {remedy}"
    ]


def missing_folder(root: Path) -> list[str]:
    """Returns the fault that `data.root` is no folder, nor the pin of one, or nothing."""
    try:
        find_root(str(root))
    except VisageError as error:
        return [str(error)]
    return []


def _is_output(value: str, root: Path) -> bool:
    stages = read_pipeline(root / "dvc.yaml")["stages"].values()
    return any(value in stage.get("outs", []) for stage in stages)


def _git(root: Path, *words: str) -> str:
    """Returns what git prints, nothing where it fails."""
    return _asked(root, *words) or ""


def _asked(root: Path, *words: str) -> str | None:
    """Returns what git prints, None where it fails."""
    done = _run(root, *words)
    return done.stdout.strip() if done.returncode == 0 else None


def _run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-C", str(root), *words]
    try:
        # The user's own git, found as the shell finds it; no shell reads the words.
        return subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
        )
    except OSError as error:
        raise RepositoryError(f"git can't be run ({error.strerror}); install Git") from None
