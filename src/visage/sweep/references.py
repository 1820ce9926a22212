"""What a user calls a finished state: the workspace, an experiment, a revision, or an MLflow run.

An experiment from HEAD wins over a branch or tag of its name, as in DVC. An MLflow run holds no
predictions; it leads to the commit that holds its state.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from visage.codes import Part
from visage.errors import VisageError
from visage.files.paths import DECISION, PREDICTIONS
from visage.sweep.repository import commit_of, experiments, head
from visage.tracking import git, tags
from visage.tracking.address import resolve
from visage.tracking.commits import Committed, all_states, committed_states
from visage.tracking.speaking import TrackingError
from visage.tracking.state import LOCK_FILE, read_stages, refuse_unfinished, state_key
from visage.tracking.store import Run, connect
from visage.tracking.track import PATIENCE

WORKSPACE: Final = "workspace"
TEST: Final = PREDICTIONS / f"{Part.TEST}.parquet"
RUN_ID: Final = re.compile("[0-9a-f]{32}")


class UnknownReferenceError(VisageError):
    """A name stands for no state, or for several."""


@dataclass(frozen=True)
class Reference:
    """A name and the commit that it stands for; None: the files as they are."""

    name: str
    commit: str | None


def find(name: str, root: Path) -> Reference:
    """Returns what a name stands for.

    Raises:
        UnknownReferenceError: nothing or several; with the names that there are.
        StateError: the workspace is meant and its files are not those of dvc.lock.
    """
    if name == WORKSPACE:
        return _workspace(name, root)
    known = experiments(root, start=head(root))
    commit = known.get(name) or commit_of(root, name) or _elsewhere(name, root)
    if commit:
        return Reference(name, commit)
    if RUN_ID.fullmatch(name):
        return _of_run(name, root)
    here = "none" if head(root) else f"none, for {root} is no Git repository with a commit"
    raise UnknownReferenceError(
        f"{name}: there is no such experiment, revision or MLflow run id; experiments from HEAD: "
        f"{', '.join(sorted(known)) or here}; get another clone's with "
        f"`dvc exp pull origin {name}`"
    )


def _workspace(name: str, root: Path) -> Reference:
    refuse_unfinished(read_stages(root), root, (TEST, DECISION))
    return Reference(name, None)


def _elsewhere(name: str, root: Path) -> str:
    """Returns the commit of the experiment of this name that starts from another commit."""
    found = sorted({e.commit for e in git.experiments(root) if e.name == name})
    if len(found) > 1:
        raise UnknownReferenceError(
            f"{name}: {len(found)} experiments from different commits have this name; give the "
            f"commit: {', '.join(commit[:10] for commit in found)}"
        )
    return found[0] if found else ""


def _of_run(name: str, root: Path) -> Reference:
    run = _run(name, root)
    key = run.tags.get(tags.KEY)
    if key is None:
        raise UnknownReferenceError(
            f"{name}: the MLflow run {run.name!r} shows a training, not a finished state "
            f"(status {run.tags.get(tags.STATUS, run.status)}); `dvc repro` finishes one"
        )
    commit = (
        _holding(key, committed_states(root))
        or commit_of(root, run.tags.get(tags.COMMIT, ""))
        or _holding(key, all_states(root))
    )
    if commit:
        return Reference(name, commit)
    if (root / LOCK_FILE).is_file() and state_key(read_stages(root)) == key:
        return _workspace(name, root)
    raise UnknownReferenceError(
        f"{name}: no commit here holds the state of the MLflow run {run.name!r}; it is an "
        "experiment of another clone (`dvc exp list origin`, `dvc exp pull`), or was never "
        "committed"
    )


def _holding(key: str, states: Iterable[Committed]) -> str:
    return next((state.commit for state in states if state.key == key), "")


def _run(name: str, root: Path) -> Run:
    try:
        return connect(resolve(root), seconds=PATIENCE).run(name)
    except TrackingError as error:
        raise UnknownReferenceError(
            f"{name}: is no experiment and no revision, and as an MLflow run id: {error}; "
            "`visage ui` shows the runs"
        ) from None
