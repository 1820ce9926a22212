"""Rows as CSV: a heading, then a line a row; what is not known is empty."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from visage.files.atomic import atomic_file
from visage.photos.rows import COLUMNS
from visage.photos.writing import Write


@contextmanager
def open_writer(path: Path) -> Iterator[Write]:
    """Gives a function that adds rows."""
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        lines.writeheader()
        yield lines.writerows
