"""Rows come back from every format as they went in."""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pa_parquet
import pytest

from visage.files.places import PlaceError
from visage.finding.box import Box
from visage.photos.faces import Face
from visage.photos.rows import COLUMNS, PhotoFaces, rows
from visage.photos.writing import OutputError, writer

FACE = Face(Box(1.04, 2, 30.06, 40), 33.333, 25.0, 41.0, 1, 0.98765, unfamiliar=True)
PHOTOS = [
    PhotoFaces(Path("a, b.jpg"), [FACE, Face(Box(5, 6, 7, 8), gender=0, gender_probability=0.1)]),
    PhotoFaces(Path("none.jpg")),
    PhotoFaces(Path("broken.jpg"), unreadable="truncated or broken"),
]


def write(path: Path) -> Path:
    with writer(path)(path) as add:
        add(rows(PHOTOS[:1]))
        add(rows(PHOTOS[1:]))
    return path


def test_csv_has_the_columns_in_their_order_and_nothing_for_nothing(tmp_path: Path) -> None:
    lines = write(tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert lines == [
        "path,face,x0,y0,x1,y1,age,age_low,age_high,gender,gender_probability,error,unfamiliar",
        '"a, b.jpg",0,1.0,2.0,30.1,40.0,33.33,25.0,41.0,1,0.9877,,True',
        '"a, b.jpg",1,5.0,6.0,7.0,8.0,,,,0,0.1,,',
        "none.jpg,,,,,,,,,,,no face found,",
        "broken.jpg,,,,,,,,,,,truncated or broken,",
    ]


def test_json_lines_have_an_object_a_row(tmp_path: Path) -> None:
    lines = write(tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    assert [list(row) for row in told] == [list(COLUMNS)] * 4
    assert told[0]["gender"] == 1
    assert told[1]["age"] is None
    assert told[3]["error"] == "truncated or broken"


def test_parquet_has_the_types(tmp_path: Path) -> None:
    read = pa_parquet.read_table(write(tmp_path / "out.parquet"))
    text, numbers = "string", ["double"] * 7
    kinds = [text, "int32", *numbers, "int8", "double", text, "bool"]
    assert [str(kind) for kind in read.schema.types] == kinds
    assert read.to_pylist() == rows(PHOTOS)


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
def test_a_file_of_no_rows_is_a_table(tmp_path: Path, name: str) -> None:
    with writer(tmp_path / name)(tmp_path / name):
        pass
    if name.endswith(".csv"):
        assert list(pd.read_csv(tmp_path / name).columns) == list(COLUMNS)
    assert (tmp_path / name).is_file()


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
def test_what_stops_half_way_leaves_the_old_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")

    def stopped() -> None:
        with writer(path)(path) as add:
            add(rows(PHOTOS))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert [found.name for found in tmp_path.iterdir()] == [name]
    assert path.read_bytes() == b"old"


def test_an_unknown_ending_names_those_that_are_known() -> None:
    with pytest.raises(
        OutputError, match=r"out.xlsx: the ending must be one of .csv, .jsonl, .parq"
    ):
        writer(Path("out.xlsx"))


def test_a_folder_is_no_output(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(PlaceError, match="--output .* is a folder"):
        writer(tmp_path / "out.csv")


def test_a_carriage_return_in_a_path_begins_no_row_of_csv(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with writer(path)(path) as add:
        add(rows([PhotoFaces(Path("a\rb.jpg")), PhotoFaces(Path("a\nb.jpg"))]))
    assert pd.read_csv(path)["path"].to_list() == ["a?b.jpg", "a\nb.jpg"]


def test_a_path_that_is_no_text_is_written_with_question_marks() -> None:
    (row,) = rows([PhotoFaces(Path("caf\udce9.jpg"))])
    assert row["path"] == "caf?.jpg"
