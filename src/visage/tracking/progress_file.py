"""Writes a training's epochs to a file while it goes on, for whoever waits for them.

`visage tune` starts trainings in DVC's snapshots and must see how they do, so it names the file in
`VISAGE_PROGRESS`. The columns are those of metrics/history.csv; epochs that a resumed training did
before are not in it.
"""

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from visage.files.tables import TableError, write_table
from visage.records import Metric
from visage.schema import HISTORY
from visage.training.observer import Observer, Silent

VARIABLE: Final = "VISAGE_PROGRESS"

_log = logging.getLogger(__name__)


def observer() -> Observer:
    """Returns who writes the file; it does nothing where the variable is not set."""
    path = os.environ.get(VARIABLE)
    return ProgressFile(Path(path)) if path else Silent()


class ProgressFile(Silent):
    """An Observer that rewrites a table after each epoch, as long as that works."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: list[dict[str, float]] = []
        self._failed = False

    def epoch_ended(self, metrics: Sequence[Metric]) -> None:
        """Adds an epoch; a file that can't be written costs one warning."""
        epoch = max(metric.step for metric in metrics)
        self._rows.append({"epoch": epoch, **{metric.name: metric.value for metric in metrics}})
        if self._failed:
            return
        try:
            write_table(
                self._path, pd.DataFrame(self._rows).reindex(columns=HISTORY.names), HISTORY
            )
        except (OSError, TableError) as error:
            self._failed = True
            _log.warning("WARNING: %s does not show this training: %s", self._path, error)
