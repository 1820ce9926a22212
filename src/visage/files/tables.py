"""Tables on disk, CSV or Parquet by suffix, whose columns are checked when read and written.

In memory a table is a pandas DataFrame with the columns of its pyarrow schema, in that order.
CSV numbers are written with pandas' shortest form that reads back to the same float.
"""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from visage.errors import VisageError
from visage.files.atomic import atomic_file


class TableError(VisageError):
    """A table is missing or does not have the columns that it should have."""


def write_table(path: Path, table: pd.DataFrame, schema: pa.Schema) -> None:
    """Writes `table` as CSV or Parquet, whole or not at all.

    Raises:
        TableError: columns are missing or of another type.
    """
    checked = _cast(path, table, schema)
    with atomic_file(path) as temporary:
        if path.suffix == ".csv":
            # Without the option an integer column with nulls becomes 1.0, which is no integer.
            frame = checked.to_pandas(integer_object_nulls=True)
            frame.to_csv(temporary, index=False, lineterminator="\n")
        else:
            pa_parquet.write_table(checked, temporary, compression="zstd")


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
