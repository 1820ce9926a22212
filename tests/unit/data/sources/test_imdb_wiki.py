"""Source `imdb_wiki`: Matlab tables, ages from two dates, filters that are said aloud."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.io import savemat

from visage.codes import FEMALE, MALE
from visage.data.labels import Rules, read_labels
from visage.data.source import Record, SourceError, read_source
from visage.data.sources.imdb_wiki import age_in
from visage.params.data import Data
from visage.params.sources import ImdbWiki

Section = Callable[..., Data]
Write = Callable[..., None]
NAN, INF = float("nan"), float("inf")


@pytest.fixture
def data(tmp_path: Path, data_section: Section) -> Data:
    return data_section(tmp_path, source="imdb_wiki")


def only(data: Data) -> Record:
    (record,) = read_source(data).records
    return record


def message_of(data: Data) -> str:
    with pytest.raises(SourceError) as caught:
        read_source(data)
    return str(caught.value)


def day(year: int, month: int, date: int) -> float:
    """Returns Matlab's serial number of a day."""
    return datetime(year, month, date).toordinal() + 366


def test_row_has_age_gender_and_person(tmp_path: Path, data: Data, write_imdb_wiki: Write) -> None:
    write_imdb_wiki(tmp_path / "imdb_crop")
    assert only(data) == Record(
        id="imdb/01/nm0000001_rm100_1971-4-17_2001",
        row=0,
        path="imdb_crop/01/nm0000001_rm100_1971-4-17_2001.jpg",
        age="30",
        gender="1",
        identity="Fred Astaire",
    )


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (day(1971, 1, 1), 30),
        (day(1971, 6, 30), 30),
        (day(1971, 7, 1), 29),
        (day(1971, 12, 31), 29),
        (day(2010, 1, 1), -9),
        (0.0, 2000),  # before the calendar: its first day
        (9e9, -7999),  # after it: its last day
        (NAN, None),
        (INF, None),
    ],
)
def test_age_is_that_of_the_middle_of_the_year(born: float, age: int | None) -> None:
    assert age_in(2001, born=born) == age


@given(taken=st.integers(1, 2030), born=st.integers(-1000, 740_000))
def test_age_is_that_of_yu4u(taken: int, born: int) -> None:
    # The reference, written out anew from its description; it counts days in datetime.
    birth = datetime.fromordinal(max(born - 366, 1))
    expected = taken - birth.year if birth.month in range(1, 7) else taken - birth.year - 1
    assert age_in(taken, born=born) == expected


def test_rows_of_wiki_follow_those_of_imdb(
    tmp_path: Path, data: Data, write_imdb_wiki: Write
) -> None:
    write_imdb_wiki(tmp_path / "wiki_crop", {"full_path": "17/1_a.jpg"}, database="wiki")
    write_imdb_wiki(tmp_path / "imdb_crop", {"full_path": "01/1_a.jpg"})
    ids = [record.id for record in read_source(data).records]
    assert ids == ["imdb/01/1_a", "wiki/17/1_a"]


def test_person_of_both_databases_is_one_identity(
    tmp_path: Path, data: Data, write_imdb_wiki: Write
) -> None:
    for database in ("imdb", "wiki"):
        write_imdb_wiki(tmp_path / database, database=database)
    assert {record.identity for record in read_source(data).records} == {"Fred Astaire"}


@pytest.mark.parametrize("folder", [".", "wiki", "wiki_crop"])
def test_table_is_found_in_the_root_and_in_the_folders_of_the_archives(
    tmp_path: Path, data: Data, write_imdb_wiki: Write, folder: str
) -> None:
    write_imdb_wiki(tmp_path / folder, {"full_path": "17/1_a.jpg"}, database="wiki")
    assert Path(only(data).path) == Path(folder, "17/1_a.jpg")


@pytest.mark.parametrize(("code", "gender"), [(0.0, FEMALE), (1.0, MALE)])
def test_zero_is_female(
    tmp_path: Path, data: Data, write_imdb_wiki: Write, code: float, gender: int
) -> None:
    write_imdb_wiki(tmp_path, {"gender": code})
    source = read_source(data)
    labels = read_labels(source.records[0], codes=source.codes, rules=Rules(age_max=100))
    assert labels.gender == gender


def test_unknown_gender_and_person_are_none(
    tmp_path: Path, data: Data, write_imdb_wiki: Write
) -> None:
    write_imdb_wiki(tmp_path, {"gender": NAN, "name": ""})
    record = only(data)
    assert (record.gender, record.identity) == (None, None)


@pytest.mark.parametrize(
    ("scores", "left_out"),
    [
        ({"face_score": -INF}, "data.imdb_wiki.min_face_score: -inf"),
        ({"face_score": 0.99}, "data.imdb_wiki.min_face_score: 0.99"),
        ({"face_score": 1.0}, None),
        ({"second_face_score": 2.5}, "data.imdb_wiki.max_second_face_score: 2.5"),
        ({"second_face_score": 0.0}, None),
        ({"second_face_score": -INF}, None),
        ({"second_face_score": NAN}, None),
    ],
)
def test_filter_leaves_a_row_out_with_the_score(
    tmp_path: Path,
    data: Data,
    write_imdb_wiki: Write,
    scores: dict[str, float],
    left_out: str | None,
) -> None:
    write_imdb_wiki(tmp_path, scores)
    assert only(data).left_out == left_out


def test_filters_that_are_null_leave_nothing_out(
    tmp_path: Path, data_section: Section, write_imdb_wiki: Write
) -> None:
    write_imdb_wiki(tmp_path, {"face_score": -INF}, {"second_face_score": 9.0})
    none = ImdbWiki(min_face_score=None, max_second_face_score=None)
    records = read_source(data_section(tmp_path, source="imdb_wiki", imdb_wiki=none)).records
    assert [record.left_out for record in records] == [None, None]


def test_missing_tables_are_named(data: Data) -> None:
    assert "lacks imdb.mat and wiki.mat" in message_of(data)


def test_parent_as_root_is_led_to_the_right_folder(
    tmp_path: Path, data: Data, write_imdb_wiki: Write
) -> None:
    write_imdb_wiki(tmp_path / "faces/wiki_crop", database="wiki")
    assert f"set data.root to {tmp_path / 'faces'}" in message_of(data)


def test_photos_and_faces_below_one_root_are_refused(
    tmp_path: Path, data: Data, write_imdb_wiki: Write
) -> None:
    write_imdb_wiki(tmp_path / "imdb")
    write_imdb_wiki(tmp_path / "imdb_crop")
    assert "imdb.mat more than once (imdb/imdb.mat, imdb_crop/imdb.mat)" in message_of(data)


@pytest.mark.parametrize("content", [b"", b"no Matlab file", b"MATLAB 5.0 MAT-file" + bytes(200)])
def test_file_that_is_no_matlab_table_is_refused(
    tmp_path: Path, data: Data, content: bytes
) -> None:
    (tmp_path / "imdb.mat").write_bytes(content)
    assert "can't be read as a Matlab table" in message_of(data)


def test_cut_download_is_refused(tmp_path: Path, data: Data, write_imdb_wiki: Write) -> None:
    write_imdb_wiki(tmp_path, *[{"name": str(number)} for number in range(50)])
    content = (tmp_path / "imdb.mat").read_bytes()
    (tmp_path / "imdb.mat").write_bytes(content[: len(content) // 2])
    assert "download it again" in message_of(data)


def test_all_missing_fields_are_named(tmp_path: Path, data: Data) -> None:
    savemat(tmp_path / "imdb.mat", {"imdb": {"dob": np.zeros(1), "gender": np.zeros(1)}})
    message = message_of(data)
    assert "lacks photo_taken, face_score, second_face_score, full_path, name" in message


def test_columns_of_different_length_are_refused(
    tmp_path: Path, data: Data, write_imdb_wiki: Write
) -> None:
    write_imdb_wiki(tmp_path, {}, {})
    from scipy.io import loadmat

    fields = loadmat(tmp_path / "imdb.mat")["imdb"][0, 0]
    columns = {name: fields[name] for name in fields.dtype.names}
    savemat(tmp_path / "imdb.mat", {"imdb": {**columns, "dob": np.zeros(3)}})
    assert "its columns differ in length" in message_of(data)
