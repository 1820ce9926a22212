"""Runs whose process died without a word are marked KILLED, or they would seem to run for ever."""

from visage.tracking import tags
from visage.tracking.processes import is_dead
from visage.tracking.store import Store


def mark_killed(store: Store) -> None:
    """Closes the RUNNING runs of this machine whose process is gone."""
    for run in store.runs({}, status="RUNNING"):
        if is_dead(run.tags.get(tags.PROCESS, "")):
            store.tag(run, {tags.STATUS: tags.Status.KILLED})
            store.end(run, "KILLED")
