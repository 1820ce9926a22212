"""Source `fairface`: ranges of ages, the publisher's parts, races for slices."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.codes import FEMALE, MALE, Part
from visage.data.labels import Labels, Rules, read_labels
from visage.data.source import Record, SourceError, read_source
from visage.params.data import Data
from visage.params.sources import Fairface

Section = Callable[..., Data]
Write = Callable[..., None]


@pytest.fixture
def data(tmp_path: Path, data_section: Section) -> Data:
    return data_section(tmp_path, source="fairface")


def message_of(data: Data) -> str:
    with pytest.raises(SourceError) as caught:
        read_source(data)
    return str(caught.value)


def test_row_has_a_range_of_ages_gender_and_race(
    tmp_path: Path, data: Data, write_fairface: Write
) -> None:
    write_fairface(tmp_path)
    assert read_source(data).records[0] == Record(
        id="train/1",
        row=0,
        path="train/1.jpg",
        age="50",
        age_to="59",
        gender="Male",
        race="East Asian",
        official_part=Part.TRAIN,
    )


def test_labels_are_the_middle_of_the_range_and_the_gender(
    tmp_path: Path, data: Data, write_fairface: Write
) -> None:
    write_fairface(tmp_path)
    source = read_source(data)
    labels = [
        read_labels(record, codes=source.codes, rules=Rules(age_max=100))
        for record in source.records
    ]
    assert labels == [
        Labels(age=54.5, age_low=50, age_high=59, gender=MALE),
        Labels(age=1, age_low=0, age_high=2, gender=FEMALE),
        Labels(age=80, age_low=70, age_high=90, gender=FEMALE),
    ]


def test_validation_table_is_the_official_test_part(
    tmp_path: Path, data: Data, write_fairface: Write
) -> None:
    write_fairface(tmp_path)
    parts = [record.official_part for record in read_source(data).records]
    assert parts == [Part.TRAIN, Part.TRAIN, Part.TEST]


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("0-2", ("0", "2")),
        ("3-9", ("3", "9")),
        ("60-69", ("60", "69")),
        ("more than 70", ("70", "85")),
        ("Oct-19", ("Oct-19", None)),
        ("", ("", None)),
    ],
)
def test_ages_are_ranges_and_the_open_one_ends_at_the_oldest(
    tmp_path: Path, data_section: Section, write_fairface: Write, text: str, ages: tuple[str, str]
) -> None:
    write_fairface(tmp_path, f"train/1.jpg,{text},Male,White,True", "val/1.jpg,0-2,Male,White,True")
    data = data_section(tmp_path, source="fairface", fairface=Fairface(oldest=85))
    record = read_source(data).records[0]
    assert (record.age, record.age_to) == ages


def test_images_are_found_in_the_folder_of_the_archive(
    tmp_path: Path, data: Data, write_fairface: Write
) -> None:
    write_fairface(tmp_path)
    (tmp_path / "fairface-img-margin025-trainval/train").mkdir(parents=True)
    record = read_source(data).records[0]
    assert record.path == "fairface-img-margin025-trainval/train/1.jpg"
    assert record.id == "train/1"


def test_both_crops_below_one_root_are_refused(
    tmp_path: Path, data: Data, write_fairface: Write
) -> None:
    write_fairface(tmp_path)
    for margin in ("025", "125"):
        (tmp_path / f"fairface-img-margin{margin}-trainval/train").mkdir(parents=True)
    assert "more than one folder" in message_of(data)


def test_both_missing_tables_are_named(data: Data) -> None:
    assert "lacks fairface_label_train.csv, fairface_label_val.csv" in message_of(data)


def test_parent_as_root_is_led_to_the_right_folder(
    tmp_path: Path, data: Data, write_fairface: Write
) -> None:
    write_fairface(tmp_path / "fairface")
    assert message_of(data).endswith(f"set data.root to {tmp_path / 'fairface'}")


def test_all_missing_columns_are_named(
    tmp_path: Path, data: Data, write_fairface: Write, write_file: Write
) -> None:
    write_fairface(tmp_path)
    write_file(tmp_path / "fairface_label_train.csv", "path,age,sex,race\n1.jpg,0-2,Male,White\n")
    message = message_of(data)
    assert "no column 'file'" in message
    assert "no column 'gender'" in message


def test_row_with_too_many_cells_is_malformed(
    tmp_path: Path, data: Data, write_fairface: Write
) -> None:
    write_fairface(
        tmp_path, "train/1.jpg,0-2,Male,White,True,more", "val/1.jpg,0-2,Male,White,True"
    )
    assert [record.malformed for record in read_source(data).records] == [True, False]
