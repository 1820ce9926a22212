"""Which commits hold a tracked state: known only after the run, when DVC or the user commits it.

A commit holds a state if its dvc.lock does. What is on a branch comes first, since others have it
too; then the commits of DVC's experiments, whose names are added to the run.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from visage.tracking import git, tags
from visage.tracking.naming import add_names, add_sweep
from visage.tracking.state import LOCK_FILE, StateError, stages_of, state_key
from visage.tracking.store import Run, Store


@dataclass(frozen=True)
class Committed:
    """A commit and the state in it; `name` is its DVC experiment's, None on a branch."""

    key: str
    commit: str
    name: str | None


def committed_states(root: Path) -> list[Committed]:
    """Returns the states in HEAD and in DVC's experiments, as far as they have any."""
    head = git.head(root)
    commits: list[tuple[str, str | None]] = [(head, None)] if head else []
    commits += [(found.commit, found.name) for found in git.experiments(root)]
    return _with_states(root, commits)


def all_states(root: Path) -> list[Committed]:
    """Returns the states in the whole history and in DVC's experiments; branches come first."""
    commits: list[tuple[str, str | None]] = [
        (commit, None) for commit in git.locking_commits(root, str(LOCK_FILE))
    ]
    commits += [(found.commit, found.name) for found in git.experiments(root)]
    return _with_states(root, commits)


def note_commits(store: Store, states: Sequence[Committed]) -> None:
    """Adds to each tracked run the commit that holds its state, and its experiments' names."""
    for run in finished_runs(store):
        mine = [state for state in states if state.key == run.tags.get(tags.KEY)]
        if mine:
            _note(store, run, mine)


def note_sweep(store: Store, keys: Collection[str], *, sweep: str) -> None:
    """Adds the name of a sweep to the runs of these states."""
    for run in finished_runs(store):
        if run.tags.get(tags.KEY) in keys:
            add_sweep(store, run, sweep)


def finished_runs(store: Store) -> list[Run]:
    """Returns the runs that show a finished state, also where files of it are missing."""
    words = (tags.Status.COMPLETE, tags.Status.PARTIAL)
    return [run for word in words for run in store.runs({tags.STATUS: word})]


def _note(store: Store, run: Run, states: Sequence[Committed]) -> None:
    add_names(store, run, [state.name for state in states if state.name])
    if tags.COMMIT not in run.tags:
        store.tag(run, {tags.COMMIT: states[0].commit, tags.VERSION: states[0].commit})


def _with_states(root: Path, commits: Sequence[tuple[str, str | None]]) -> list[Committed]:
    states = [(key_at(root, commit), commit, name) for commit, name in commits]
    return [Committed(key, commit, name) for key, commit, name in states if key]


def key_at(root: Path, commit: str) -> str | None:
    """Returns the key of the state in a commit, None where it has none."""
    text = git.text_at(root, commit, str(LOCK_FILE))
    if text is None:
        return None
    try:
        return state_key(stages_of(text))
    except StateError:  # a lock of another time; no state of ours
        return None
