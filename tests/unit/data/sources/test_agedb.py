"""Source `agedb`: person, age and gender are in the names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.codes import FEMALE, MALE
from visage.data.labels import Rules, read_labels
from visage.data.source import Record, SourceError, read_source
from visage.params.data import Data

Section = Callable[..., Data]
Write = Callable[..., None]


@pytest.fixture
def data(tmp_path: Path, data_section: Section) -> Data:
    return data_section(tmp_path, source="agedb")


def test_labels_and_person_stand_in_the_name(
    tmp_path: Path, data: Data, write_names: Write
) -> None:
    write_names(tmp_path, "0_MariaCallas_35_f.jpg")
    assert tuple(read_source(data).records) == (
        Record(
            id="0_MariaCallas_35_f",
            row=0,
            path="0_MariaCallas_35_f.jpg",
            age="35",
            gender="f",
            identity="MariaCallas",
        ),
    )


def test_genders_are_letters(tmp_path: Path, data: Data, write_names: Write) -> None:
    write_names(tmp_path, "0_MariaCallas_35_f.jpg", "9884_MarkHamill_30_m.jpg")
    source = read_source(data)
    labels = [
        read_labels(record, codes=source.codes, rules=Rules(age_max=100))
        for record in source.records
    ]
    assert [one.gender for one in labels] == [FEMALE, MALE]


def test_photos_of_one_person_share_the_identity(
    tmp_path: Path, data: Data, write_names: Write
) -> None:
    write_names(tmp_path, "0_MariaCallas_35_f.jpg", "1_MariaCallas_40_f.jpg")
    assert {record.identity for record in read_source(data).records} == {"MariaCallas"}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("10_Jean_Paul_Sartre_50_m.jpg", ("Jean_Paul_Sartre", "50", "m")),
        ("11_50Cent_35_M.JPG", ("50Cent", "35", "m")),
        ("12_RenéClair_61_m.jpg", ("RenéClair", "61", "m")),
    ],
)
def test_what_stands_between_number_and_age_is_the_person(
    tmp_path: Path, data: Data, write_names: Write, name: str, found: tuple[str, str, str]
) -> None:
    write_names(tmp_path, name)
    (record,) = read_source(data).records
    assert (record.identity, record.age, record.gender) == found


@pytest.mark.parametrize(
    "name",
    [
        "MariaCallas_35_f.jpg",
        "0_MariaCallas_f.jpg",
        "0_MariaCallas_35.jpg",
        "0_MariaCallas_35_x.jpg",
        "0__35_f.jpg",
        "0_MariaCallas_-3_f.jpg",
        "0_MariaCallas_٣٥_f.jpg",
        "0_MariaCallas_35_f (1).jpg",
    ],
)
def test_malformed_name_is_set_aside(
    tmp_path: Path, data: Data, write_names: Write, name: str
) -> None:
    write_names(tmp_path, name)
    (record,) = read_source(data).records
    assert (record.malformed, record.path, record.age) == (True, name, None)


def test_name_that_is_not_utf8_is_set_aside(tmp_path: Path, data: Data) -> None:
    Path(bytes(tmp_path).decode() + "/0_Ren\udce9Clair_61_m.jpg").touch()
    (record,) = read_source(data).records
    assert (record.path, record.malformed) == ("0_Ren?Clair_61_m.jpg", True)


def test_parent_as_root_names_the_folder(tmp_path: Path, data: Data, write_names: Write) -> None:
    write_names(tmp_path / "AgeDB", "0_MariaCallas_35_f.jpg")
    with pytest.raises(SourceError, match=r"folders AgeDB: is it one of those\?.*number_name_age"):
        read_source(data)
