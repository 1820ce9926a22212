"""Rows as CSV: a heading, then a line a row; what is not known is empty."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from visage.files.atomic import atomic_file
from visage.photos.rows import COLUMNS
from visage.photos.writing import Write


@contextmanager
def open_writer(path: Path) -> Iterator[Write]:
    """Gives a function that adds rows."""
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(COLUMNS.names) + "\n")

        def write(rows: pa.Table) -> None:
            # Without the option an integer column with nulls becomes 1.0, which is no integer.
            frame = rows.to_pandas(integer_object_nulls=True)
            frame.to_csv(file, header=False, index=False, lineterminator="\n")

        yield write
