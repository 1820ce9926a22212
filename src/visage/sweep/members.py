"""Runs the experiments of a study one after the other.

Each runs in DVC's `--temp` mode, a snapshot in a folder of its own: the workspace stays as it is,
whatever it holds and whatever happens. One that fails is reported, and the next one runs.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from visage.errors import VisageError
from visage.sweep.points import Point
from visage.sweep.repository import experiments
from visage.sweep.setparam import set_params


class MemberExistsError(VisageError):
    """An experiment of this name was run already."""


def refuse_existing(found: Iterable[Point], root: Path) -> None:
    """Makes sure that no experiment of these names starts from HEAD.

    Raises:
        MemberExistsError: naming all that do.
    """
    there = experiments(root)
    names = [point.name for point in found if point.name in there]
    if names:
        raise MemberExistsError(
            f"{', '.join(names)}: run already from this commit (`dvc exp show`); --force runs "
            "them again in their place, which is quick where nothing changed"
        )


def run_members(found: Iterable[Point], root: Path, *, say: Callable[[str], None]) -> list[str]:
    """Runs each point as an experiment and returns the names of those that failed.

    Experiments of the same names are replaced. `say` tells the user what begins.
    """
    failed = []
    points = list(found)
    for number, point in enumerate(points, start=1):
        words = list(set_params(point.overrides))
        say(f"[{number}/{len(points)}] {point.name}: {' '.join(words) or 'params.yaml as it is'}")
        if point.name in experiments(root):
            _dvc(root, "exp", "remove", point.name)
        options = [word for text in words for word in ("--set-param", text)]
        if not _dvc(root, "exp", "run", "--temp", "--name", point.name, *options):
            say(f"{point.name} FAILED; see above")
            failed.append(point.name)
    return failed


def _dvc(root: Path, *words: str) -> bool:
    """Runs dvc with this Python first on the path, since the stages call `python`."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    command = [sys.executable, "-m", "dvc", *words]
    # Our own Python; no shell reads the words.
    done = subprocess.run(command, cwd=root, env={**os.environ, "PATH": path}, check=False)  # noqa: S603
    return done.returncode == 0
