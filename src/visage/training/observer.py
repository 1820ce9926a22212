"""What the training loop tells whoever watches it; it never learns who that is.

An observer can change no result: it gets plain records and returns nothing. The stage loads the
MLflow observer by name, so that live tracking is outside of training's imports and fingerprint.
"""

from collections.abc import Sequence
from typing import Protocol

from visage.records import Metric, Param


class Observer(Protocol):
    """Watches one training run; no call may raise or block for long."""

    def started(self, fingerprint: str, params: Sequence[Param], *, run: str | None) -> str | None:
        """Training begins, or goes on as `run`; `fingerprint` identifies its inputs.

        Returns a name under which it can go on after an interruption, None without one.
        """

    def epoch_ended(self, metrics: Sequence[Metric]) -> None:
        """An epoch is over; names are the columns of metrics/history.csv, step is the epoch."""

    def ended(self, metrics: Sequence[Metric]) -> None:
        """Training is over; final figures such as best_epoch, images_per_second."""

    def failed(self, error: BaseException) -> None:
        """Training stopped with an error or was interrupted."""


class Silent:
    """Watches nothing."""

    def started(self, fingerprint: str, params: Sequence[Param], *, run: str | None) -> str | None:
        """Does nothing; keeps the name of the run for an observer that may follow."""
        del fingerprint, params
        return run

    def epoch_ended(self, metrics: Sequence[Metric]) -> None:
        """Does nothing."""

    def ended(self, metrics: Sequence[Metric]) -> None:
        """Does nothing."""

    def failed(self, error: BaseException) -> None:
        """Does nothing."""
