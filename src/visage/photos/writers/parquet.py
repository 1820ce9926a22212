"""Rows as Parquet: the columns of `rows.COLUMNS` with their types."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pa_parquet

from visage.files.atomic import atomic_file
from visage.photos.rows import COLUMNS, Row
from visage.photos.writing import Write


@contextmanager
def open_writer(path: Path) -> Iterator[Write]:
    """Gives a function that adds rows."""
    with (
        atomic_file(path) as temporary,
        pa_parquet.ParquetWriter(temporary, COLUMNS, compression="zstd") as file,
    ):

        def write(rows: Sequence[Row]) -> None:
            file.write_table(pa.Table.from_pylist(list(rows), schema=COLUMNS))

        yield write
