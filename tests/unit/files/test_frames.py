"""Rows become a table, whatever their number."""

import pandas as pd
import pyarrow as pa
import pytest

from visage.files.frames import BATCH, frame

SCHEMA = pa.schema([("id", pa.string()), ("age", pa.float32()), ("gender", pa.int8())])


@pytest.mark.parametrize("n", [0, 1, BATCH, BATCH + 1])
def test_rows_stand_in_their_order(n: int) -> None:
    found = frame(((str(row), row / 2, row % 2) for row in range(n)), SCHEMA)
    assert found["id"].tolist() == [str(row) for row in range(n)]
    assert found["age"].tolist() == [row / 2 for row in range(n)]
    assert list(found.columns) == SCHEMA.names


def test_what_is_not_known_is_null() -> None:
    found = frame([("a", None, None), (None, 3.0, 1)], SCHEMA)
    assert found.isna().to_numpy().tolist() == [[False, True, True], [True, False, False]]


def test_without_rows_the_columns_have_their_types() -> None:
    types = frame([], SCHEMA).dtypes
    assert types["age"] == "float32"
    assert isinstance(types["id"], pd.StringDtype)


def test_a_row_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="argument"):
        frame([("a", 1.0, 1), ("b", 1.0)], SCHEMA)
