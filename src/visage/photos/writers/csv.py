"""Rows as CSV: a heading, then a line a row; what is not known is empty.

A carriage return in a path becomes "?": older Pythons write it without quotes, as a new row.
"""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from visage.files.atomic import atomic_file
from visage.photos.rows import COLUMNS, Row
from visage.photos.writing import Write


@contextmanager
def open_writer(path: Path) -> Iterator[Write]:
    """Gives a function that adds rows."""
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        lines.writeheader()

        def write(rows: Sequence[Row]) -> None:
            lines.writerows({**row, "path": row["path"].replace("\r", "?")} for row in rows)

        yield write
