"""Tables: columns checked both ways, values unchanged by the file."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visage.files.tables import TableError, read_table, write_csv, write_table
from visage.schema import SPLITS, WEIGHTS

MIXED = pa.schema([("id", pa.string()), ("age", pa.float32()), ("gender", pa.int8())])


@pytest.fixture(params=["table.csv", "table.parquet"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / request.param


def test_nulls_survive(path: Path) -> None:
    table = pd.DataFrame({"id": ["a", "b"], "age": [31.5, None], "gender": [None, 1]})
    write_table(path, table, MIXED)
    found = read_table(path, MIXED)
    assert found.isna().to_numpy().tolist() == [[False, False, True], [False, True, False]]


@pytest.mark.parametrize("id_", ["007", "NA", "null", "1e5", "a,b", 'a"b', "a\nb", " a ", "日本"])
def test_ids_stay_the_text_that_they_are(path: Path, id_: str) -> None:
    write_table(path, pd.DataFrame({"id": [id_], "part": ["train"]}), SPLITS)
    assert read_table(path, SPLITS)["id"].tolist() == [id_]


def test_line_breaks_within_cells_survive_a_large_file(path: Path) -> None:
    ids = [f"{row}\n{'x' * 1000}" for row in range(3000)]  # more than a block of the reader
    write_table(path, pd.DataFrame({"id": ids, "part": "train"}), SPLITS)
    assert read_table(path, SPLITS)["id"].tolist() == ids


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
@settings(max_examples=30, deadline=None)
def test_floats_survive_csv_to_the_bit(
    tmp_path_factory: pytest.TempPathFactory, values: list[float]
) -> None:
    path = tmp_path_factory.mktemp("floats") / "weights.csv"
    table = pd.DataFrame({"id": [str(row) for row in range(len(values))], "weight": values})
    write_table(path, table, WEIGHTS)
    np.testing.assert_array_equal(read_table(path, WEIGHTS)["weight"], values)


def test_columns_are_written_in_the_order_of_the_schema(path: Path) -> None:
    write_table(path, pd.DataFrame({"part": ["test"], "surplus": [1], "id": ["a"]}), SPLITS)
    assert list(read_table(path, SPLITS).columns) == SPLITS.names


def test_same_table_gives_the_same_bytes(path: Path) -> None:
    table = pd.DataFrame({"id": ["a"], "part": ["test"]})
    write_table(path, table, SPLITS)
    before = path.read_bytes()
    write_table(path, table.set_index(pd.Index([7])), SPLITS)
    assert path.read_bytes() == before


def test_table_without_rows_keeps_its_columns(path: Path) -> None:
    write_table(path, pd.DataFrame(columns=SPLITS.names), SPLITS)
    assert list(read_table(path, SPLITS).columns) == SPLITS.names


def test_missing_column_is_named_when_written(path: Path) -> None:
    with pytest.raises(TableError, match="column part is missing"):
        write_table(path, pd.DataFrame({"id": ["a"]}), SPLITS)


def test_missing_column_is_named_when_read(path: Path) -> None:
    write_table(path, pd.DataFrame({"id": ["a"]}), pa.schema([("id", pa.string())]))
    with pytest.raises(TableError, match="column part is missing"):
        read_table(path, SPLITS)


def test_value_of_another_type_is_refused(path: Path) -> None:
    with pytest.raises(TableError, match=path.name):
        write_table(path, pd.DataFrame({"id": ["a"], "weight": ["heavy"]}), WEIGHTS)


def test_missing_file_says_what_to_do(path: Path) -> None:
    with pytest.raises(TableError, match="is missing; run `dvc repro`"):
        read_table(path, SPLITS)


def test_broken_file_is_told(path: Path) -> None:
    path.write_bytes(b'id,part\n"a,b,c\n1')
    with pytest.raises(TableError, match="can't be read"):
        read_table(path, SPLITS)


@pytest.mark.parametrize("name", ["table.txt", "table", "table.CSV", "table.csv.gz"])
def test_other_suffix_is_refused_and_nothing_written(tmp_path: Path, name: str) -> None:
    table = pd.DataFrame({"id": ["a"], "part": ["train"]})
    with pytest.raises(TableError, match=r"is written as \.csv or \.parquet; end the name so"):
        write_table(tmp_path / name, table, SPLITS)
    with pytest.raises(TableError, match=r"is written as \.csv; end the name so"):
        write_csv(tmp_path / name, [table], SPLITS)
    assert list(tmp_path.iterdir()) == []


def test_tables_one_below_the_other_are_one(tmp_path: Path) -> None:
    table = pd.DataFrame({"id": ["a", "b", "c"], "age": [1.5, None, 3.0], "gender": [0, 1, None]})
    write_table(tmp_path / "whole.csv", table, MIXED)
    portions = (table.iloc[[row]] for row in range(3))
    assert write_csv(tmp_path / "portions.csv", portions, MIXED) == 3
    assert (tmp_path / "portions.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_no_tables_are_a_header(tmp_path: Path) -> None:
    (tmp_path / ".none.csv.part").write_text("of a killed run")
    assert write_csv(tmp_path / "none.csv", [], SPLITS) == 0
    assert (tmp_path / "none.csv").read_text() == "id,part\n"
