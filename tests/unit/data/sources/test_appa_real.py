"""Source `appa_real`: which age and which image are parameters, the parts are the publisher's."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.codes import Part, Task
from visage.data.source import Record, SourceError, read_source
from visage.params.data import Data
from visage.params.sources import AppaReal

Section = Callable[..., Data]
Write = Callable[..., None]


@pytest.fixture
def data(tmp_path: Path, data_section: Section) -> Data:
    return data_section(tmp_path, source="appa_real")


def message_of(data: Data) -> str:
    with pytest.raises(SourceError) as caught:
        read_source(data)
    return str(caught.value)


def test_row_has_the_real_age_of_the_crop_and_no_gender(
    tmp_path: Path, data: Data, write_appa_real: Write
) -> None:
    write_appa_real(tmp_path)
    assert read_source(data).records[1] == Record(
        id="valid/000001",
        row=1,
        path="valid/000001.jpg_face.jpg",
        tasks=frozenset({Task.AGE}),
        age="21",
        official_part=Part.VALIDATION,
    )


def test_parts_are_those_of_the_tables(tmp_path: Path, data: Data, write_appa_real: Write) -> None:
    write_appa_real(tmp_path)
    parts = [record.official_part for record in read_source(data).records]
    assert parts == [Part.TRAIN, Part.VALIDATION, Part.TEST]


def test_apparent_age_of_the_photo_on_request(
    tmp_path: Path, data_section: Section, write_appa_real: Write
) -> None:
    write_appa_real(tmp_path)
    params = AppaReal(age="apparent", images="photo")
    record = read_source(data_section(tmp_path, source="appa_real", appa_real=params)).records[0]
    assert (record.age, record.path) == ("25.694444444444443", "train/000000.jpg")


@pytest.mark.parametrize("images", ["face", "photo"])
def test_images_of_all_rows_are_there(
    tmp_path: Path, data_section: Section, write_appa_real: Write, images: str
) -> None:
    write_appa_real(tmp_path)
    params = AppaReal(age="real", images=images)
    source = read_source(data_section(tmp_path, source="appa_real", appa_real=params))
    assert [
        record.path for record in source.records if not (tmp_path / record.path).is_file()
    ] == []


def test_missing_table_is_named(tmp_path: Path, data: Data, write_appa_real: Write) -> None:
    write_appa_real(tmp_path)
    (tmp_path / "gt_avg_valid.csv").unlink()
    assert "lacks gt_avg_valid.csv; put what is missing beside the others" in message_of(data)


def test_parent_as_root_is_led_to_the_right_folder(
    tmp_path: Path, data: Data, write_appa_real: Write
) -> None:
    write_appa_real(tmp_path / "appa-real-release")
    assert message_of(data).endswith(f"set data.root to {tmp_path / 'appa-real-release'}")


def test_table_of_single_votes_is_refused(
    tmp_path: Path, data: Data, write_appa_real: Write, write_file: Write
) -> None:
    write_appa_real(tmp_path)
    votes = "file_name,age,worker\n000000.jpg,22,1\n"
    write_file(tmp_path / "gt_avg_train.csv", votes)
    assert "there is no column 'real_age'" in message_of(data)


def test_row_with_too_many_cells_is_malformed(
    tmp_path: Path, data: Data, write_appa_real: Write
) -> None:
    write_appa_real(tmp_path)
    table = tmp_path / "gt_avg_valid.csv"
    table.write_text(table.read_text().rstrip() + ",more\n")
    assert [record.malformed for record in read_source(data).records] == [False, True, False]
