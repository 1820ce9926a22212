"""Rows of a CSV table: which of them have cells of no column."""

from pathlib import Path

import pytest

from visage.data.csv_rows import Column, Row, read_rows


def rows_of(folder: Path, text: str) -> list[Row]:
    (folder / "table.csv").write_text(text, encoding="utf-8")
    return list(read_rows(folder / "table.csv", [Column("id")]))


@pytest.mark.parametrize(
    ("line", "surplus"),
    [("1,a", False), ("1", False), ("1,a,,  ,", False), ("1,a,b", True), ("1,a,,b", True)],
)
def test_row_says_whether_it_has_cells_of_no_column(
    tmp_path: Path, line: str, surplus: bool
) -> None:
    (row,) = rows_of(tmp_path, f"id,name\n{line}\n")
    assert row.surplus == surplus
    assert list(row) == ["id", "name"]
