"""Stops a training whose starter is gone: `dvc queue kill --force` would leave it running."""

import os

from visage.errors import VisageError


class OrphanedError(VisageError):
    """The process that started the training has ended."""


class ParentWatch:
    """Remembers the parent process and notices when it is replaced."""

    def __init__(self) -> None:
        self.parent = os.getppid()

    def check(self) -> None:
        """Does nothing while the parent lives.

        Raises:
            OrphanedError: it is gone.
        """
        if os.getppid() != self.parent:
            raise OrphanedError("the process that started this training is gone; stopping")
