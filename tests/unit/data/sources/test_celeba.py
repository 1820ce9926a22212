"""Source `celeba`: the publisher's text files and Kaggle's tables, told apart by what is there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.codes import FEMALE, MALE, Part, Task
from visage.data.labels import Rules, read_labels
from visage.data.source import Record, SourceError, read_source
from visage.params.data import Data

Section = Callable[..., Data]
Write = Callable[..., None]
KAGGLE = "image_id,5_o_Clock_Shadow,Male,Young\n000001.jpg,-1,1,1\n000002.jpg,1,-1,1\n"


@pytest.fixture
def data(tmp_path: Path, data_section: Section) -> Data:
    return data_section(tmp_path, source="celeba")


def message_of(data: Data) -> str:
    with pytest.raises(SourceError) as caught:
        read_source(data)
    return str(caught.value)


def test_row_has_gender_only(tmp_path: Path, data: Data, write_celeba: Write) -> None:
    write_celeba(tmp_path)
    assert read_source(data).records[0] == Record(
        id="000001",
        row=0,
        path="img_align_celeba/000001.jpg",
        tasks=frozenset({Task.GENDER}),
        gender="1",
    )


@pytest.mark.parametrize("count", ["202599", "0", None])
def test_number_in_the_first_line_is_not_believed(
    tmp_path: Path, data: Data, write_celeba: Write, count: str | None
) -> None:
    write_celeba(tmp_path, count=count)
    assert [record.gender for record in read_source(data).records] == ["1", "-1"]


def test_minus_one_is_female(tmp_path: Path, data: Data, write_celeba: Write) -> None:
    write_celeba(tmp_path)
    source = read_source(data)
    labels = [
        read_labels(record, codes=source.codes, rules=Rules(age_max=100))
        for record in source.records
    ]
    assert [one.gender for one in labels] == [MALE, FEMALE]


def test_any_spaces_stand_between_values(tmp_path: Path, data: Data, write_celeba: Write) -> None:
    write_celeba(tmp_path, "  000001.jpg\t-1    1  -1  ", "", "000002.jpg 1 -1 1")
    assert [record.gender for record in read_source(data).records] == ["1", "-1"]


@pytest.mark.parametrize("row", ["000003.jpg -1 1", "000003.jpg -1 1 1 -1", "000003.jpg"])
def test_line_with_another_number_of_values_is_set_aside(
    tmp_path: Path, data: Data, write_celeba: Write, row: str
) -> None:
    write_celeba(tmp_path, "000001.jpg -1 1 1", row)
    first, second = read_source(data).records
    assert (first.malformed, second.malformed, second.gender) == (False, True, None)


def test_table_of_kaggle_is_read(tmp_path: Path, data: Data, write_file: Write) -> None:
    write_file(tmp_path / "list_attr_celeba.csv", KAGGLE)
    assert [(one.id, one.gender) for one in read_source(data).records] == [
        ("000001", "1"),
        ("000002", "-1"),
    ]


@pytest.mark.parametrize("folder", ["img_align_celeba/img_align_celeba", "Img/img_align_celeba"])
def test_images_are_found_where_kaggle_and_the_publisher_put_them(
    tmp_path: Path, data: Data, write_celeba: Write, folder: str
) -> None:
    write_celeba(tmp_path)
    (tmp_path / folder).mkdir(parents=True)
    assert read_source(data).records[0].path == f"{folder}/000001.jpg"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list_eval_partition.txt", "000001.jpg 0\n000002.jpg 2\n"),
        ("Eval/list_eval_partition.txt", "000001.jpg 0\n000002.jpg 2\n"),
        ("list_eval_partition.csv", "image_id,partition\n000001.jpg,0\n000002.jpg,2\n"),
    ],
)
def test_partition_gives_the_official_part(
    tmp_path: Path, data: Data, write_celeba: Write, write_file: Write, name: str, text: str
) -> None:
    write_celeba(tmp_path)
    write_file(tmp_path / name, text)
    assert [one.official_part for one in read_source(data).records] == [Part.TRAIN, Part.TEST]


def test_image_without_a_partition_has_no_official_part(
    tmp_path: Path, data: Data, write_celeba: Write, write_file: Write
) -> None:
    write_celeba(tmp_path)
    write_file(tmp_path / "list_eval_partition.txt", "000002.jpg 1\n")
    parts = [one.official_part for one in read_source(data).records]
    assert parts == [None, Part.VALIDATION]


def test_partition_that_is_none_is_refused_with_its_image(
    tmp_path: Path, data: Data, write_celeba: Write, write_file: Write
) -> None:
    write_celeba(tmp_path)
    write_file(tmp_path / "list_eval_partition.txt", "000001.jpg 3\n")
    assert "000001.jpg has the partition '3'; it must be 0, 1 or 2" in message_of(data)


def test_identities_are_read_where_they_are(
    tmp_path: Path, data: Data, write_celeba: Write, write_file: Write
) -> None:
    write_celeba(tmp_path)
    write_file(tmp_path / "identity_CelebA.txt", "000001.jpg 2880\n")
    assert [record.identity for record in read_source(data).records] == ["2880", None]


def test_line_that_is_no_identity_is_shown(
    tmp_path: Path, data: Data, write_celeba: Write, write_file: Write
) -> None:
    write_celeba(tmp_path)
    write_file(tmp_path / "identity_CelebA.txt", "000001.jpg 28 80\n")
    assert "'000001.jpg 28 80' is not an image's name and its identity" in message_of(data)


def test_missing_attributes_name_both_forms(data: Data) -> None:
    assert "lacks list_attr_celeba.txt or list_attr_celeba.csv" in message_of(data)


def test_parent_as_root_is_led_to_the_right_folder(
    tmp_path: Path, data_section: Section, write_celeba: Write
) -> None:
    write_celeba(tmp_path / "celeba")
    message = message_of(data_section(tmp_path, source="celeba"))
    assert message.endswith(f"set data.root to {tmp_path / 'celeba'}")


def test_folder_of_images_as_root_is_led_to_the_right_folder(
    tmp_path: Path, data_section: Section, write_celeba: Write
) -> None:
    write_celeba(tmp_path)
    (tmp_path / "img_align_celeba").mkdir()
    message = message_of(data_section(tmp_path / "img_align_celeba", source="celeba"))
    assert message.endswith(f"set data.root to {tmp_path}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file is empty"),
        ("2\nBald Young\n", "there is no column 'Male'; it is needed"),
        ("2\nBald Male\n", "has a header but no rows"),
    ],
)
def test_fault_of_the_attributes_is_told(
    tmp_path: Path, data: Data, write_file: Write, text: str, expected: str
) -> None:
    write_file(tmp_path / "list_attr_celeba.txt", text)
    assert expected in message_of(data)


def test_file_that_is_not_utf8_is_refused(tmp_path: Path, data: Data) -> None:
    (tmp_path / "list_attr_celeba.txt").write_bytes("2\nMale\nä.jpg 1\n".encode("latin-1"))
    assert "save it as UTF-8" in message_of(data)


def test_real_attributes_are_read_in_spite_of_their_number(
    shared: Path, data_section: Section
) -> None:
    records = read_source(data_section(shared / "celeba", source="celeba")).records
    found = (len(records), records[0].id, records[-1].id, any(one.malformed for one in records))
    assert found == (20_000, "000001", "020000", False)


def test_row_of_kaggles_table_with_too_many_cells_is_malformed(
    tmp_path: Path, data: Data, write_file: Write
) -> None:
    write_file(tmp_path / "list_attr_celeba.csv", KAGGLE + "000003.jpg,1,-1,1,1\n")
    assert [one.malformed for one in read_source(data).records] == [False, False, True]


def test_partition_with_too_many_cells_is_refused_with_its_image(
    tmp_path: Path, data: Data, write_celeba: Write, write_file: Write
) -> None:
    write_celeba(tmp_path)
    write_file(tmp_path / "list_eval_partition.csv", "image_id,partition\n000001.jpg,0,2\n")
    assert "the line of '000001.jpg' has more cells than the header" in message_of(data)
