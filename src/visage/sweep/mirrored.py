"""Sees to it that MLflow has every member of a study, also one for which no stage ran.

A member that equals the workspace is restored whole, its `track` stage included, so nobody told
MLflow its name.
"""

from collections.abc import Collection
from pathlib import Path

from visage.tracking.address import is_off, resolve
from visage.tracking.commits import committed_states, note_commits, note_sweep
from visage.tracking.state import LOCK_FILE, read_stages, state_key
from visage.tracking.store import connect
from visage.tracking.track import PATIENCE, track_state


def mirror_members(names: Collection[str], root: Path, *, study: str) -> None:
    """Adds these experiments' names, their study, and the commits known by now, to their runs.

    Raises:
        StateError: the workspace's files are not those of its dvc.lock.
        TrackingError: the store can't be reached or refuses.
    """
    if is_off():
        return
    states = committed_states(root)
    key = state_key(read_stages(root)) if (root / LOCK_FILE).is_file() else None
    equal = [state.name for state in states if state.name in names and state.key == key]
    if equal:
        track_state(root, equal[0])  # names all others of this state, too
    store = connect(resolve(root), seconds=PATIENCE)
    if not equal:
        note_commits(store, states)
    note_sweep(store, {state.key for state in states if state.name in names}, sweep=study)
