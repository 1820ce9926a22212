"""Tables on disk, CSV or Parquet by suffix, whose columns are checked when read and written.

In memory a table is a pandas DataFrame with the columns of its pyarrow schema, in that order.
CSV numbers are written with pandas' shortest form that reads back to the same float.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from visage.errors import VisageError
from visage.files.atomic import atomic_file

FORMS: Final = (".csv", ".parquet")


class TableError(VisageError):
    """A table is missing, does not have the columns that it should have, or can't be named so."""


def write_table(path: Path, table: pd.DataFrame, schema: pa.Schema) -> None:
    """Writes `table` as CSV or Parquet, whole or not at all.

    Raises:
        TableError: columns are missing or of another type, or the suffix is of neither form.
    """
    refuse_suffix(path, FORMS)
    checked = _cast(path, table, schema)
    with atomic_file(path) as temporary:
        if path.suffix == ".csv":
            _to_csv(checked, temporary, mode="w")
        else:
            pa_parquet.write_table(checked, temporary, compression="zstd")


def write_csv(path: Path, tables: Iterable[pd.DataFrame], schema: pa.Schema) -> int:
    """Writes tables one below the other as one CSV, whole or not at all; returns how many rows.

    No more than one of the tables is in memory.

    Raises:
        TableError: columns are missing or of another type, or the suffix is not .csv.
    """
    refuse_suffix(path, (".csv",))
    n = 0
    with atomic_file(path) as temporary:
        _to_csv(schema.empty_table(), temporary, mode="w")
        for table in tables:
            _to_csv(_cast(path, table, schema), temporary, mode="a")
            n += len(table)
    return n


def refuse_suffix(path: Path, known: Iterable[str]) -> None:
    """Makes sure that a file's suffix is one of the known forms.

    Raises:
        TableError: with the remedy.
    """
    forms = list(known)
    if path.suffix not in forms:
        raise TableError(f"{path}: the table is written as {' or '.join(forms)}; end the name so")


def read_table(path: Path, schema: pa.Schema) -> pd.DataFrame:
    """Returns the table in `path` with the columns of `schema`.

    Raises:
        TableError: the file is missing, or lacks columns.
    """
    if not path.is_file():
        raise TableError(f"{path} is missing; run `dvc repro`")
    try:
        if path.suffix == ".csv":
            arrow = pa_csv.read_csv(
                path,
                parse_options=pa_csv.ParseOptions(newlines_in_values=True),
                # Only an empty cell is null: an id may well be "NA" or "null".
                convert_options=pa_csv.ConvertOptions(
                    column_types=schema, strings_can_be_null=True, null_values=[""]
                ),
            )
        else:
            arrow = pa_parquet.read_table(path)
    except pa.ArrowException as error:
        raise TableError(f"{path} can't be read: {error}; run `dvc repro`") from None
    table: pd.DataFrame = _cast(path, arrow.to_pandas(), schema).to_pandas()
    return table


def _cast(path: Path, table: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    missing = [name for name in schema.names if name not in table.columns]
    if missing:
        raise TableError(f"{path}: column {', '.join(missing)} is missing; run `dvc repro`")
    try:
        arrow = pa.Table.from_pandas(
            table[schema.names].reset_index(drop=True), schema=schema, preserve_index=False
        )
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise TableError(f"{path}: {error}") from None
    return arrow.replace_schema_metadata(None)


def _to_csv(table: pa.Table, path: Path, *, mode: Literal["w", "a"]) -> None:
    """Writes a table, or adds its rows to a file that has a header."""
    # Without the option an integer column with nulls becomes 1.0, which is no integer.
    frame = table.to_pandas(integer_object_nulls=True)
    frame.to_csv(path, mode=mode, header=mode == "w", index=False, lineterminator="\n")
