"""Writes MLflow's store again from what Git and DVC keep: a run for each state of the past.

The workspace is never touched: the files of a commit go to a temporary folder. What DVC's cache
lacks is named, in the message and in the run's description; such a run is completed when it is
called again after `dvc pull`. Not to be had again: runs of trainings that failed, the machine's
load, speed and memory, and which sweep a run was of.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from visage.errors import VisageError
from visage.params.load import PARAMS_FILE
from visage.sweep.experiment_files import fetch_available
from visage.tracking import git, tags
from visage.tracking.commits import Committed, all_states, note_commits
from visage.tracking.contents import FOLDERS, Contents, read_contents
from visage.tracking.mirror import State, mirror
from visage.tracking.speaking import TrackingError
from visage.tracking.state import LOCK_FILE, stages_of
from visage.tracking.store import Store


@dataclass(frozen=True)
class Tally:
    """How many states got a run, had one that is whole, lack files, or can't be read."""

    written: int
    known: int
    partial: int
    left_out: int


def rebuild_store(root: Path, store: Store, *, say: Callable[[str], None]) -> Tally:
    """Makes sure that every state in Git and in DVC's experiments has its run, the oldest first.

    say: tells the user of each run that is written, and of what it lacks.

    Raises:
        TrackingError: the store can't be reached or refuses.
    """
    states = all_states(root)
    complete = {run.tags.get(tags.KEY) for run in store.runs({tags.STATUS: tags.Status.COMPLETE})}
    wanted = [group for group in _by_age(states, root) if group[0].key not in complete]
    lacking = [_rebuilt(group, root, store, say=say) for group in wanted]
    note_commits(store, states)
    return Tally(
        written=sum(missing is not None for missing in lacking),
        known=len({state.key for state in states}) - len(wanted),
        partial=sum(bool(missing) for missing in lacking),
        left_out=sum(missing is None for missing in lacking),
    )


def _by_age(states: Iterable[Committed], root: Path) -> list[list[Committed]]:
    """Returns the commits of each state, in the order in which the states came about."""
    groups: dict[str, list[Committed]] = {}
    for state in states:
        groups.setdefault(state.key, []).append(state)
    return sorted(groups.values(), key=lambda group: git.time_ms(root, group[0].commit))


def _rebuilt(
    group: Sequence[Committed], root: Path, store: Store, *, say: Callable[[str], None]
) -> tuple[Path, ...] | None:
    """Returns what the state's new run lacks, None where the state can't be read."""
    first, names = group[0], [state.name for state in group if state.name]
    called = f"{', '.join(names)} ({first.commit[:10]})" if names else first.commit[:10]
    try:
        with TemporaryDirectory(prefix="visage-rebuild-") as folder:
            contents = _contents(first.commit, root, Path(folder))
            mirrored = mirror(contents, state=_state(first, names, root), store=store)
    except TrackingError:
        raise
    except VisageError as error:
        say(f"{called}: left out: {error}")
        return None
    say(f"{called}: run {mirrored.name}{_told(contents.missing)}")
    return contents.missing


def _state(first: Committed, names: Sequence[str], root: Path) -> State:
    return State(
        key=first.key,
        experiments=tuple(names),
        baseline=git.parent(root, first.commit),
        at_ms=git.time_ms(root, first.commit),
    )


def _contents(commit: str, root: Path, folder: Path) -> Contents:
    """Returns what is to be logged of a commit, whose files go to `folder`."""
    stages = stages_of(git.text_at(root, commit, str(LOCK_FILE)) or "")
    recorded = {Path(out["path"]) for stage in stages.values() for out in stage.get("outs", [])}
    files = [path for path in FOLDERS if path in recorded or path == PARAMS_FILE]
    missing = fetch_available(commit, root, files=files, to=folder)
    return read_contents(folder, missing=missing)


def _told(missing: Sequence[Path]) -> str:
    names = ", ".join(path.as_posix() for path in missing)
    return f"; not at hand: {names}" if names else ""
