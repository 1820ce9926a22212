"""Rows as JSON lines: an object a row; what is not known is null."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from visage.files.atomic import atomic_file
from visage.photos.rows import Row
from visage.photos.writing import Write


@contextmanager
def open_writer(path: Path) -> Iterator[Write]:
    """Gives a function that adds rows."""
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8") as file:

        def write(rows: Sequence[Row]) -> None:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")

        yield write
