"""Trainings with the same inputs take turns: the twin of one that runs waits until it ends.

Two locks, which the system lets go when their process ends, however it does: who trains holds the
one, and who waits next holds the other, so that the first can see that a twin is waiting.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from visage.inference.machine import Machine
from visage.inference.processes import any_of

PATIENCE: Final = 0.5  # seconds of one try

_log = logging.getLogger(__name__)


class Turn:
    """The turn of a training whose locks are `path`, a name that ends in .lock, and a neighbour."""

    def __init__(self, path: Path) -> None:
        """Takes no lock yet."""
        self._own = FileLock(path)
        self._next = FileLock(path.with_suffix(".next"))

    @contextmanager
    def taken(self, *, on: Machine) -> Iterator[None]:
        """Waits for the turn and holds it.

        Of several processes the first one has the locks; none is kept waiting in one long call.
        """
        said = False
        try:
            while any_of(on.is_first and not self._acquired(), on=on):
                if not said:
                    _log.warning("another process trains the same; waiting until it ends")
                said = True
            yield
        finally:
            for lock in (self._next, self._own):
                lock.release()

    def is_awaited(self) -> bool:
        """Tells whether a twin waits for the end of this turn."""
        try:
            with self._next.acquire(timeout=0):
                return False
        except Timeout:
            return True

    def _acquired(self) -> bool:
        """Tries to become the next, and then to have the turn."""
        try:
            for lock in (self._next, self._own):
                if not lock.is_locked:
                    lock.acquire(timeout=PATIENCE)
        except Timeout:
            return False
        self._next.release()
        return True
