"""All who watch a training; `stages.train` finds this module by name only."""

from collections.abc import Sequence

from visage.records import Metric, Param
from visage.tracking import live, progress_file
from visage.training.observer import Observer, Silent


def observer(*, first: bool) -> Observer:
    """Returns who watches this training: MLflow, and the file that a tuner reads.

    first: whether this is the first of a training's processes, the only one that is watched.
    """
    if not first:
        return Silent()
    return Observers(live.observer(), progress_file.observer())


class Observers:
    """Several observers as one, told in turn."""

    def __init__(self, *observers: Observer) -> None:
        self._observers = observers

    def started(self, fingerprint: str, params: Sequence[Param], *, run: str | None) -> str | None:
        """Training begins, or goes on as `run`; one without a name of its own hands it on."""
        for one in self._observers:
            run = one.started(fingerprint, params, run=run)
        return run

    def epoch_ended(self, metrics: Sequence[Metric]) -> None:
        """An epoch is over."""
        for one in self._observers:
            one.epoch_ended(metrics)

    def ended(self, metrics: Sequence[Metric]) -> None:
        """Training is over."""
        for one in self._observers:
            one.ended(metrics)

    def failed(self, error: BaseException) -> None:
        """Training stopped with an error or was interrupted."""
        for one in self._observers:
            one.failed(error)
