"""Shows a training in MLflow while it runs; training finds this module by name only.

Best effort: whatever fails costs one warning and, with a dead server, two seconds, and from then
on the observer is silent. `track` fills the gaps from the files when the pipeline is done.
"""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from visage.records import Metric, Param
from visage.tracking import git, tags
from visage.tracking.address import is_off, resolve
from visage.tracking.dead import mark_killed
from visage.tracking.naming import NO_EXPERIMENT, run_name
from visage.tracking.processes import own_process
from visage.tracking.store import Run, Store, connect
from visage.tracking.system import System
from visage.training.observer import Observer

_log = logging.getLogger(__name__)

PATIENCE: Final = 2  # seconds that a server may be silent before training goes on without it


def observer() -> Observer:
    """Returns who watches this training; it does nothing where `VISAGE_TRACK=off`."""
    return LiveRun(Path.cwd(), silent=is_off())


@dataclass(frozen=True)
class Session:
    """An open run."""

    store: Store
    run: Run
    system: System


class LiveRun:
    """An Observer that logs to MLflow as long as that works."""

    def __init__(self, root: Path, *, silent: bool) -> None:
        self._root = root
        self._silent = silent
        self._session: Session | None = None

    def started(self, fingerprint: str, params: Sequence[Param], *, run: str | None) -> str | None:
        """Opens a run, or `run` again; those that dead processes left open are closed before.

        Returns its id, or `run` where MLflow can't be reached: it may be there the next time.
        """
        self._attempt(lambda: self._open(fingerprint, params, known=run))
        return self._session.run.id if self._session else run

    def epoch_ended(self, metrics: Sequence[Metric]) -> None:
        """Logs an epoch and the machine's load in it."""
        self._attempt(lambda: self._log_epoch(metrics))

    def ended(self, metrics: Sequence[Metric]) -> None:
        """Closes the run as FINISHED; `track` completes it."""
        self._attempt(lambda: self._close("FINISHED", tags.Status.TRAINED, metrics))

    def failed(self, error: BaseException) -> None:
        """Closes the run as FAILED, or as KILLED after Ctrl-C."""
        if isinstance(error, KeyboardInterrupt):
            self._attempt(lambda: self._close("KILLED", tags.Status.KILLED))
        else:
            self._attempt(lambda: self._close("FAILED", tags.Status.FAILED))

    def _attempt(self, action: Callable[[], None]) -> None:
        if self._silent:
            return
        try:
            action()
        except Exception as error:  # of whatever kind: it is not worth a training
            self._silent = True
            _log.warning("WARNING: this training is not shown live in MLflow: %s", error)

    def _open(self, fingerprint: str, params: Sequence[Param], *, known: str | None) -> None:
        store = connect(resolve(self._root), seconds=PATIENCE)
        experiment = os.environ.get("DVC_EXP_NAME") or NO_EXPERIMENT
        backbone = next((param.value for param in params if param.name == "backbone"), "run")
        name = run_name(experiment, backbone=backbone, digest=fingerprint)
        with store.alone():
            mark_killed(store)
            found = store.reopened(known) if known else None
            run = found or store.create(name, {})
            store.tag(run, self._tags(fingerprint, experiment))
        store.log(run, params=params)
        self._session = Session(store, run, System())

    def _tags(self, fingerprint: str, experiment: str) -> dict[str, str]:
        return {
            tags.FINGERPRINT: fingerprint,
            tags.EXPERIMENTS: experiment,
            tags.STATUS: tags.Status.TRAINING,
            tags.TRAIN: tags.Trained.LIVE,
            tags.PROCESS: own_process(),
            **tags.origin(git.baseline(self._root), dirty=git.is_dirty(self._root)),
        }

    def _log_epoch(self, metrics: Sequence[Metric]) -> None:
        assert self._session is not None, "started() comes first"
        load = self._session.system.read(step=max(metric.step for metric in metrics))
        self._session.store.log(self._session.run, metrics=[*metrics, *load])

    def _close(self, mlflow: str, status: tags.Status, metrics: Sequence[Metric] = ()) -> None:
        assert self._session is not None, "started() comes first"
        store, run = self._session.store, self._session.run
        store.log(run, metrics=metrics)
        store.tag(run, {tags.STATUS: status})
        store.end(run, mlflow)
