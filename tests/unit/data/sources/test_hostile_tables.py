"""Hostile tables, by name: each is read right, or refused with one error that names the remedy."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.data.source import Record, SourceError, read_source
from visage.params.data import Data

Section = Callable[..., Data]
HEADER = "id,full_path,gender,age\n"
ROW = "1,a.jpg,0,20\n"
RECORD = Record(id="1", row=0, path="a.jpg", age="20", gender="0")


def records_of(data: Data, content: bytes) -> tuple[Record, ...]:
    (Path(data.root) / "train.csv").write_bytes(content)
    return tuple(read_source(data).records)


def message_of(data: Data, content: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        records_of(data, content)
    return str(caught.value)


@pytest.fixture
def data(tmp_path: Path, data_section: Section) -> Data:
    return data_section(tmp_path)


READABLE = {
    "byte order mark of Excel": (HEADER + ROW).encode("utf-8-sig"),
    "byte order mark and quotes": '"id",full_path,gender,age\n1,a.jpg,0,20\n'.encode("utf-8-sig"),
    "CRLF": (HEADER + ROW).replace("\n", "\r\n").encode(),
    "CR": (HEADER + ROW).replace("\n", "\r").encode(),
    "no newline at the end": (HEADER + ROW).encode().rstrip(),
    "empty lines": (HEADER + "\n\n" + ROW + "\n").encode(),
    "unused column twice": b"id,full_path,gender,age,note,note\n1,a.jpg,0,20,x,y\n",
}


@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE.keys())
def test_unusual_form_is_read_right(data: Data, content: bytes) -> None:
    assert records_of(data, content) == (RECORD,)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-32", "utf-16-le"])
def test_other_encoding_is_refused(data: Data, encoding: str) -> None:
    content = (HEADER + "ä,a.jpg,0,20\n").encode(encoding)
    assert "save it as UTF-8" in message_of(data, content)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_utf_16_without_a_mark_is_known_by_its_null_characters(data: Data, encoding: str) -> None:
    message = message_of(data, (HEADER + ROW).encode(encoding))
    assert "null characters" in message
    assert "save it as UTF-8" in message


def test_null_characters_in_a_row_stay_there_for_screening(data: Data) -> None:
    first, second = records_of(data, (HEADER + ROW).encode() + b"\0\0,b\0.jpg,0,2\x000\n")
    assert first == RECORD
    assert (second.id, second.path, second.age) == ("\0\0", "b\0.jpg", "2\x000")


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separator_is_named_without_asking_for_columns(data: Data, separator: str) -> None:
    message = message_of(data, (HEADER + ROW).replace(",", separator).encode())
    assert f"separated by {separator!r}; save it with commas" in message
    assert "data.kaggle.columns" not in message


def test_needed_column_that_occurs_twice_is_refused(data: Data) -> None:
    message = message_of(data, b"id,full_path,gender,age,age\n1,a.jpg,0,20,30\n")
    assert "'age' occurs 2 times; set data.kaggle.columns.age" in message


@pytest.mark.parametrize("cell", ['"a.jpg', '"a.jpg,0,20\n2,"b.jpg"', '"' + "x" * 200_000])
def test_open_quote_never_swallows_rows(data: Data, cell: str) -> None:
    content = f"{HEADER}1,{cell},0,20\n3,c.jpg,1,30\n".encode()
    assert "is a quote left open?" in message_of(data, content)


def test_open_quote_is_named_with_its_line(data: Data) -> None:
    assert "near line 3" in message_of(data, (HEADER + ROW + '2,"b"x.jpg,0,20\n').encode())


def test_table_that_links_to_itself_is_missing(data: Data) -> None:
    (Path(data.root) / "train.csv").symlink_to("train.csv")
    (Path(data.root) / "self").symlink_to("self")
    with pytest.raises(SourceError, match=r"there is no file 'train\.csv'"):
        read_source(data)
