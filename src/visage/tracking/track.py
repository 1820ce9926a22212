"""The `track` stage and `visage track`: from a project's folder to its run in MLflow."""

import logging
import os
from pathlib import Path
from typing import Final

from visage.tracking import git
from visage.tracking.address import is_off, resolve
from visage.tracking.commits import committed_states, note_commits
from visage.tracking.contents import FOLDERS, read_contents
from visage.tracking.mirror import Mirrored, State, mirror
from visage.tracking.speaking import TrackingError
from visage.tracking.state import read_stages, refuse_unfinished, state_key
from visage.tracking.store import connect
from visage.tracking.view import refresh

_log = logging.getLogger(__name__)

PATIENCE: Final = 30  # seconds that a server may take to answer, a model's upload included


def track_state(root: Path, experiment_name: str | None = None) -> Mirrored:
    """Makes sure that the state in the folder `root` has its run, under this experiment's name.

    For the sweep, whose members may equal HEAD and then run no `track` stage, and for `visage
    track`. Commits that exist by now are noted in this and all other runs.

    Raises:
        StateError: there is no finished state.
        TrackingError: the store can't be reached or refuses.
    """
    committed = committed_states(root)
    state = read_state(root, (experiment_name,) if experiment_name else running_experiment())
    names = [found.name for found in committed if found.key == state.key and found.name]
    contents = read_contents(root)
    store = connect(resolve(root), seconds=PATIENCE)
    mirrored = mirror(contents, state=state.also(names), store=store)
    note_commits(store, committed)
    refresh(store)
    return mirrored


def track_softly(root: Path) -> None:
    """Does the same for the stage, where a store that fails costs a warning and no more.

    The results are there already, and an error in the last stage would make `dvc exp run` throw
    the experiment away.

    Raises:
        StateError: there is no finished state.
    """
    if is_off():
        return
    state, contents = read_state(root, running_experiment()), read_contents(root)
    try:
        store = connect(resolve(root), seconds=PATIENCE)
        mirror(contents, state=state, store=store)
        refresh(store)
    except TrackingError as error:
        _log.warning("WARNING: this run is NOT in MLflow; `make track` adds it. %s", error)


def read_state(root: Path, experiments: tuple[str, ...]) -> State:
    """Returns the state in `root`, reached by these experiments.

    Raises:
        StateError: there is no dvc.lock, or a file is not the one that it records.
    """
    stages = read_stages(root)
    refuse_unfinished(stages, root, FOLDERS)
    return State(
        key=state_key(stages),
        experiments=experiments,
        baseline=git.baseline(root),
        dirty=git.is_dirty(root),
    )


def running_experiment() -> tuple[str, ...]:
    """Returns the name of the experiment that DVC is running, nothing for `dvc repro`."""
    name = os.environ.get("DVC_EXP_NAME")
    return (name,) if name else ()
