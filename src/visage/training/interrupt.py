"""Ends a training between two steps, so that its state is whole.

What may end it: Ctrl-C, a batch system's TERM, or a starter that is gone (`dvc queue kill --force`
would leave the training running).
"""

import logging
import os
import signal
import threading
from types import FrameType, TracebackType
from typing import Any

from visage.errors import VisageError
from visage.inference.machine import Machine
from visage.inference.processes import any_of

SIGNALS = (signal.SIGINT, signal.SIGTERM)

_log = logging.getLogger(__name__)


class OrphanedError(VisageError):
    """The process that started the training has ended."""


class Interruption:
    """Hears the first signal and lets the step end; the second one has its usual effect."""

    def __init__(self, on: Machine) -> None:
        self._on = on
        self._parent = os.getppid()
        self._before: dict[signal.Signals, Any] = {}
        self._signalled = False

    def __enter__(self) -> "Interruption":
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._hear) for number in SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._restore()

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        self._signalled = True
        self._restore()
        _log.warning("%s: stopping behind this step", signal.Signals(number).name)

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}

    @property
    def is_orphan(self) -> bool:
        """Whether the process that started this one is gone."""
        return os.getppid() != self._parent

    def is_wanted(self) -> bool:
        """Tells whether the training should end: all processes of a run end behind one step."""
        return any_of(self._signalled or self.is_orphan, on=self._on)

    def obey(self) -> None:
        """Ends the training.

        Raises:
            OrphanedError: the process that started the training is gone.
            KeyboardInterrupt: it, or another process of the run, was signalled.
        """
        if self.is_orphan:
            raise OrphanedError("the process that started this training is gone; stopping")
        raise KeyboardInterrupt
