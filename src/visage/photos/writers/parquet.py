"""Rows as Parquet: the columns of `rows.COLUMNS` with their types."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pa_parquet

from visage.files.atomic import atomic_file
from visage.photos.rows import COLUMNS, Row
from visage.photos.writing import Write

SCHEMA: Final = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in COLUMNS.items()])


@contextmanager
def open_writer(path: Path) -> Iterator[Write]:
    """Gives a function that adds rows."""
    with (
        atomic_file(path) as temporary,
        pa_parquet.ParquetWriter(temporary, SCHEMA, compression="zstd") as file,
    ):

        def write(rows: Sequence[Row]) -> None:
            file.write_table(pa.Table.from_pylist(list(rows), schema=SCHEMA))

        yield write
