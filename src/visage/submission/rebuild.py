"""Runs the stages of a snapshot, by the very commands that its dvc.lock records.

Not by `dvc repro`, which would restore the result from the run cache or write the new one to the
cache that is shared with the workspace.
"""

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from visage.errors import VisageError
from visage.files.md5 import md5_file
from visage.submission.lock import Stage
from visage.sweep.command import Patient, run_command

UNTRACKED: Final = {"VISAGE_TRACK": "off"}


class RebuildError(VisageError):
    """A stage did not run to its end."""


def rebuild(folder: Path, stages: Sequence[Stage], *, say: Callable[[str], None]) -> list[str]:
    """Runs the stages; returns the paths of the files that came out in another form, in order.

    `say` tells the user what begins. Nothing is tracked.

    Raises:
        RebuildError: a stage failed; its own message was printed.
    """
    for number, stage in enumerate(stages, start=1):
        say(f"[{number}/{len(stages)}] {stage.name}: {stage.command}")
        words, watcher = shlex.split(stage.command), Patient()
        if not run_command(words, folder=folder, environment=UNTRACKED, watcher=watcher):
            raise RebuildError(f"{stage.name} failed; its message stands above")
    outs = [(path, md5) for stage in stages for path, md5 in stage.outs.items()]
    return [
        path for path, md5 in outs if (folder / path).is_file() and md5_file(folder / path) != md5
    ]
