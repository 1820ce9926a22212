"""What Git knows of experiments: the commit that they hang on, their names, what they would lack.

DVC keeps an experiment as the commit refs/exps/<first two digits>/<the rest>/<name> of the commit
that it started from, and runs it in a snapshot of what Git knows.
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from visage.data.source import find_root
from visage.errors import VisageError
from visage.files.pins import SUFFIX
from visage.files.pipeline import read_pipeline

CODE = ("src", "stages", "dvc.yaml", "params.yaml", "constraints.txt")


class RepositoryError(VisageError):
    """The Git repository is not ready for experiments."""


def refuse_unready(root: Path) -> None:
    """Makes sure that there is a commit to start from and a name to commit experiments under.

    Raises:
        RepositoryError: with the command that mends it.
    """
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
    """Returns the commit that an experiment would start from now."""
    return _git(root, "rev-parse", "HEAD")


def commit_of(root: Path, name: str) -> str:
    """Returns the commit of a Git revision, "" where there is none of this name."""
    return _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")


def experiments(root: Path, *, start: str) -> dict[str, str]:
    """Returns the names of the experiments that start from a commit, each with its own commit."""
    place = f"refs/exps/{start[:2]}/{start[2:]}/"
    listed = _git(root, "for-each-ref", "--format=%(refname) %(objectname)", place)
    rows = (line.removeprefix(place).split(" ") for line in listed.splitlines())
    return {name: commit for name, commit in rows if "/" not in name}


def committed_text(root: Path, commit: str, path: Path) -> str:
    """Returns a file as it is in a commit, "" where it isn't there."""
    return _git(root, "show", f"{commit}:./{path.as_posix()}")


def unknown_files(root: Path) -> list[str]:
    """Returns files of the pipeline that Git does not know, so that no experiment has them."""
    return _git(root, "ls-files", "--others", "--exclude-standard", "--", *CODE).splitlines()


def has_code_of(root: Path, commit: str) -> bool:
    """Tells whether the workspace's pipeline, but for its parameters, is that of a commit."""
    code = [name for name in CODE if name != "params.yaml"]
    return not (unknown_files(root) or _git(root, "diff", "--name-only", commit, "--", *code))


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
    command = ["git", "-C", str(root), *words]
    # The user's own git, found as the shell finds it; no shell reads the words.
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else ""
