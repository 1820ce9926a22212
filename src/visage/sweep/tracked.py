"""From what a user calls a finished state to the MLflow run that shows it.

The names are those of `visage compare`; a run's id is looked up as it is, since a run needs no
commit here to be shown.
"""

from pathlib import Path

from visage.errors import VisageError
from visage.sweep.references import RUN_ID, Reference, find
from visage.tracking import tags
from visage.tracking.commits import finished_runs, key_at
from visage.tracking.state import read_stages, state_key
from visage.tracking.store import Run, Store


class NotTrackedError(VisageError):
    """MLflow has no run of this name or state."""


def tracked_run(name: str, root: Path, *, store: Store) -> Run:
    """Returns the run that shows a state.

    Raises:
        NotTrackedError: there is none.
        UnknownReferenceError: the name stands for no state, or for several.
        StateError: the workspace is meant and its files are not those of dvc.lock.
        TrackingError: the store can't be reached or refuses.
    """
    if RUN_ID.fullmatch(name):
        run = store.find(name)
        if run is None:
            raise NotTrackedError(
                f"{name}: MLflow at {store.address.shown} has no such run in its experiment "
                f"{store.address.experiment!r}; `visage ui` shows the runs"
            )
        return run
    key = _key(find(name, root), root)
    runs = [run for run in finished_runs(store) if run.tags.get(tags.KEY) == key]
    if not runs:
        raise NotTrackedError(
            f"{name}: MLflow at {store.address.shown} has no finished run of this state; "
            "`visage track` writes that of the workspace, `visage track --rebuild` those of all "
            "commits and experiments"
        )
    return runs[0]


def _key(reference: Reference, root: Path) -> str:
    if reference.commit is None:
        return state_key(read_stages(root))
    key = key_at(root, reference.commit)
    if key is None:
        raise NotTrackedError(
            f"{reference.name}: commit {reference.commit[:10]} holds no finished state; it has no "
            "dvc.lock of ours"
        )
    return key
