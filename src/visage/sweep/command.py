"""Runs a command in a process group of its own, so that it can be stopped with all that it started.

Ctrl-C reaches dvc, the stage and its workers as the same SIGINT: the stage ends in its defined way
and dvc cleans up behind it. A command without a terminal can't wait for its keyboard for ever, so
it has no input.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

POLL_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 60  # from a signal to a stronger one


class Watcher(Protocol):
    """Looks on while a command runs."""

    def started(self, number: int) -> None:
        """The command runs under this process number, which is its group's, too."""

    def enough(self) -> bool:
        """Whether the command is to be stopped; asked twice a second."""


class Patient:
    """Lets a command run to its end."""

    def started(self, number: int) -> None:
        """Does nothing."""

    def enough(self) -> bool:
        """Returns that it is not."""
        return False


def run_command(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str], watcher: Watcher
) -> bool:
    """Returns whether the command succeeded; one that was stopped did not.

    Whatever interrupts the waiting, such as Ctrl-C, stops the command and is raised on.

    environment: added to this process's own, in which this Python comes first on the path, since
    the stages call `python`.
    """
    # Our own words; no shell reads them.
    with subprocess.Popen(  # noqa: S603
        words,
        cwd=folder,
        env={**os.environ, "PATH": _own_python_first(), **environment},
        process_group=0,
        stdin=subprocess.DEVNULL,
        preexec_fn=_hear_interrupts,  # there are no threads that it could disturb
    ) as process:
        try:
            watcher.started(process.pid)
            while not _ended(process, POLL_SECONDS):
                if watcher.enough():
                    _stop(process)
        except BaseException:
            _stop(process)
            raise
    return process.returncode == 0


def _own_python_first() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def _hear_interrupts() -> None:
    """A script's `visage tune ... &` ignores SIGINT, and what is started inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):  # it ended just now
            os.killpg(process.pid, number)
        if _ended(process, PATIENCE_SECONDS):
            return
