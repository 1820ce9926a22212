"""Runs the experiments of a study one after the other.

Each runs in DVC's `--temp` mode, a snapshot in a folder of its own: the workspace stays as it is,
whatever it holds and whatever happens. One that fails is reported, and the next one runs.
"""

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from visage.errors import VisageError
from visage.sweep.command import Patient, Watcher, run_command
from visage.sweep.points import Point
from visage.sweep.repository import experiments, head
from visage.sweep.setparam import set_params


class MemberExistsError(VisageError):
    """An experiment of this name was run already."""


@dataclass(frozen=True)
class Member:
    """An experiment that ran, `start`: from which commit.

    The user may commit while others run, and each hangs on the commit that was HEAD when it began.
    """

    name: str
    start: str
    done: bool


def refuse_existing(found: Iterable[Point], root: Path) -> None:
    """Makes sure that no experiment of these names starts from HEAD.

    Raises:
        MemberExistsError: naming all that do.
    """
    there = experiments(root, start=head(root))
    names = [point.name for point in found if point.name in there]
    if names:
        raise MemberExistsError(
            f"{', '.join(names)}: run already from this commit, with other parameters or code "
            "(`dvc exp show`); --force runs them again in their place, or commit first"
        )


def run_members(
    found: Iterable[Point], root: Path, *, say: Callable[[str], None], there: Collection[str] = ()
) -> list[Member]:
    """Runs each point as an experiment; those that failed are returned, too.

    Experiments of the same names are replaced, but for those that are `there`, by name. `say` tells
    the user what begins.
    """
    members = []
    points = list(found)
    for number, point in enumerate(points, start=1):
        if point.name in there:
            say(f"[{number}/{len(points)}] {point.name} is there already; --force runs it again")
            members.append(Member(point.name, head(root), done=True))
            continue
        say(f"[{number}/{len(points)}] {told(point)}")
        members.append(run_member(point, root))
        if not members[-1].done:
            say(f"{point.name} FAILED; see above")
    return members


def told(point: Point) -> str:
    """Returns a point's name and overrides as a line for the user."""
    return f"{point.name}: {' '.join(set_params(point.overrides)) or 'params.yaml as it is'}"


def run_member(
    point: Point,
    root: Path,
    *,
    watcher: Watcher | None = None,
    environment: Mapping[str, str] | None = None,
) -> Member:
    """Runs a point as an experiment, in the place of one of its name.

    Args:
        point: what to run.
        root: the project.
        watcher: may stop it; None: it runs to its end.
        environment: added to this process's own.
    """
    start = head(root)
    if point.name in experiments(root, start=start):
        _dvc(root, "exp", "remove", point.name)
    options = [word for text in set_params(point.overrides) for word in ("--set-param", text)]
    words = ("exp", "run", "--temp", "--name", point.name, *options)
    done = _dvc(root, *words, watcher=watcher, environment=environment)
    return Member(point.name, start, done)


def _dvc(
    root: Path,
    *words: str,
    watcher: Watcher | None = None,
    environment: Mapping[str, str] | None = None,
) -> bool:
    """Runs dvc of this Python."""
    return run_command(
        [sys.executable, "-m", "dvc", *words],
        folder=root,
        environment=environment or {},
        watcher=watcher or Patient(),
    )
