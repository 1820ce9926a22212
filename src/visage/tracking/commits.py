"""Which commits hold a tracked state: known only after the run, when DVC or the user commits it.

A commit holds a state if its dvc.lock does. HEAD comes first, since others have it too; then the
commits of DVC's experiments, whose names are added to the run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from visage.tracking import git, tags
from visage.tracking.naming import add_names
from visage.tracking.state import LOCK_FILE, StateError, stages_of, state_key
from visage.tracking.store import Run, Store


@dataclass(frozen=True)
class Committed:
    """A commit and the state in it; `name` is its DVC experiment's, None for HEAD."""

    key: str
    commit: str
    name: str | None


def committed_states(root: Path) -> list[Committed]:
    """Returns the states in HEAD and in DVC's experiments, as far as they have any."""
    head = git.head(root)
    commits: list[tuple[str, str | None]] = [(head, None)] if head else []
    commits += [(found.commit, found.name) for found in git.experiments(root)]
    states = [(_key_at(root, commit), commit, name) for commit, name in commits]
    return [Committed(key, commit, name) for key, commit, name in states if key]


def note_commits(store: Store, states: Sequence[Committed]) -> None:
    """Adds to each tracked run the commit that holds its state, and its experiments' names."""
    for run in store.runs({tags.STATUS: tags.Status.COMPLETE}):
        mine = [state for state in states if state.key == run.tags.get(tags.KEY)]
        if mine:
            _note(store, run, mine)


def _note(store: Store, run: Run, states: Sequence[Committed]) -> None:
    add_names(store, run, [state.name for state in states if state.name])
    if tags.COMMIT not in run.tags:
        store.tag(run, {tags.COMMIT: states[0].commit, tags.VERSION: states[0].commit})


def _key_at(root: Path, commit: str) -> str | None:
    text = git.text_at(root, commit, str(LOCK_FILE))
    if text is None:
        return None
    try:
        return state_key(stages_of(text))
    except StateError:  # a lock of another time; no state of ours
        return None
