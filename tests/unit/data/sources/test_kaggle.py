"""Source `kaggle`: rows as they stand in the tables, and faults of tables told with a remedy."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from visage.codes import UNLABELLED, Task
from visage.data.source import Record, SourceError, read_source
from visage.params.data import Data
from visage.params.sources import Columns
from visage.schema import SUBMISSION

Section = Callable[..., Data]
HEADER = "id,full_path,gender,age\n"


def write(root: Path, text: str, *, name: str = "train.csv") -> None:
    (root / name).write_bytes(text.encode())


def message_of(data: Data) -> str:
    with pytest.raises(SourceError) as caught:
        read_source(data)
    return str(caught.value)


def test_row_keeps_its_cells_as_text(tmp_path: Path, data_section: Section) -> None:
    write(tmp_path, HEADER + "007,faces/a.jpg,1,31.50\n")
    record = Record(id="007", row=0, path="faces/a.jpg", age="31.50", gender="1")
    assert tuple(read_source(data_section(tmp_path)).records) == (record,)


def test_rows_of_the_test_table_count_on_and_are_unlabelled(
    tmp_path: Path, data_section: Section
) -> None:
    write(tmp_path, HEADER + "1,a.jpg,0,20\n2,b.jpg,1,30\n")
    write(tmp_path, "id,full_path\n3,c.jpg\n", name="test.csv")
    last = read_source(data_section(tmp_path, test_table="test.csv")).records[-1]
    assert last == Record(id="3", row=2, path="c.jpg", official_part=UNLABELLED)


def test_columns_are_found_under_the_names_given(tmp_path: Path, data_section: Section) -> None:
    write(tmp_path, "years,sex,name,file\n20,f,1,a.jpg\n")
    columns = Columns(id="name", path="file", age="years", gender="sex", identity=None)
    data = data_section(tmp_path, columns=columns, female="f", male="m")
    assert read_source(data).records[0] == Record(id="1", row=0, path="a.jpg", age="20", gender="f")


def test_spaces_after_commas_belong_to_no_cell(tmp_path: Path, data_section: Section) -> None:
    write(tmp_path, "id, full_path, gender, age\n1, a.jpg, 0, 20\n")
    assert read_source(data_section(tmp_path)).records[0].path == "a.jpg"


def test_missing_cells_of_a_short_line_are_none(tmp_path: Path, data_section: Section) -> None:
    write(tmp_path, HEADER + "1,a.jpg\n")
    record = read_source(data_section(tmp_path)).records[0]
    assert (record.gender, record.age) == (None, None)


def test_line_with_too_many_cells_is_malformed(tmp_path: Path, data_section: Section) -> None:
    write(tmp_path, HEADER + "1,a,b.jpg,0,20\n2,b.jpg,1,30,,\n")
    write(tmp_path, "id,full_path\n3,a,b.jpg\n4,c.jpg\n", name="test.csv")
    records = read_source(data_section(tmp_path, test_table="test.csv")).records
    assert [record.malformed for record in records] == [True, False, True, False]


def test_missing_root_is_named_with_the_ways_out(tmp_path: Path, data_section: Section) -> None:
    message = message_of(data_section(tmp_path / "nowhere"))
    assert all(word in message for word in ("data.root", "nowhere", "absolute path", "dvc add"))


def test_root_that_is_a_file_is_refused(tmp_path: Path, data_section: Section) -> None:
    write(tmp_path, "")
    assert "is not a folder" in message_of(data_section(tmp_path / "train.csv"))


def test_missing_table_names_the_tables_that_are_there(
    tmp_path: Path, data_section: Section
) -> None:
    (tmp_path / "kaggle").mkdir()
    write(tmp_path / "kaggle", HEADER)
    message = message_of(data_section(tmp_path))
    assert "data.kaggle.table" in message
    assert "kaggle/train.csv" in message


def test_missing_test_table_may_also_be_null(tmp_path: Path, data_section: Section) -> None:
    write(tmp_path, HEADER + "1,a.jpg,0,20\n")
    message = message_of(data_section(tmp_path, test_table="test.csv"))
    assert "set data.kaggle.test_table to one of them or null" in message


def test_all_missing_columns_are_named_with_near_matches_and_parameter(
    tmp_path: Path, data_section: Section
) -> None:
    write(tmp_path, "id,path,genders,age\n1,a.jpg,0,20\n")
    message = message_of(data_section(tmp_path))
    assert (
        "'full_path'; set data.kaggle.columns.path to the table's own name, perhaps path" in message
    )
    assert "'gender'; set data.kaggle.columns.gender to the table's own name, perhaps" in message
    assert "columns found: id, path, genders, age" in message


def test_unlabelled_table_needs_no_labels(tmp_path: Path, data_section: Section) -> None:
    write(tmp_path, HEADER + "1,a.jpg,0,20\n")
    write(tmp_path, "id,file\n3,c.jpg\n", name="test.csv")
    message = message_of(data_section(tmp_path, test_table="test.csv"))
    assert "full_path" in message
    assert "'age'" not in message


@pytest.mark.parametrize("text", [HEADER, HEADER + "\n\n"])
def test_table_without_rows_is_refused(tmp_path: Path, data_section: Section, text: str) -> None:
    write(tmp_path, text)
    assert "no rows" in message_of(data_section(tmp_path))


def test_empty_file_is_told_to_be_empty(tmp_path: Path, data_section: Section) -> None:
    write(tmp_path, "")
    assert "the file is empty" in message_of(data_section(tmp_path))


def test_codes_that_are_the_same_number_are_refused(tmp_path: Path, data_section: Section) -> None:
    write(tmp_path, HEADER + "1,a.jpg,0,20\n")
    assert "same number" in message_of(data_section(tmp_path, female="1", male="1.0"))


def test_real_tables_give_all_rows(shared: Path, data_section: Section) -> None:
    data = data_section(shared, table="kaggle/train.csv", test_table="kaggle/test.csv")
    records = read_source(data).records
    assert (len(records), sum(record.unlabelled for record in records)) == (23_678, 4_738)


def test_what_is_asked_for_is_what_the_sample_submission_answers(
    shared: Path, data_section: Section
) -> None:
    data = data_section(shared, table="kaggle/train.csv", test_table="kaggle/test.csv")
    asked = [record.id for record in read_source(data).records if record.unlabelled]
    sample = pd.read_csv(shared / "kaggle/sample_submission.csv", dtype={"id": str})
    assert asked == sample["id"].tolist()
    assert sample.columns.tolist() == SUBMISSION.names


def test_column_of_identities_is_read_and_says_who_is_unknown(
    tmp_path: Path, data_section: Section
) -> None:
    people = ["Ann ", "", " NA", "None", "nan", "-", "Ann"]
    rows = "".join(f"{row},{row}.jpg,0,20,{name}\n" for row, name in enumerate(people))
    write(tmp_path, f"id,full_path,gender,age,person\n{rows}")
    columns = Columns(id="id", path="full_path", age="age", gender="gender", identity="person")
    records = read_source(data_section(tmp_path, columns=columns)).records
    assert [record.identity for record in records] == ["Ann", *[None] * 4, "-", "Ann"]


def test_table_without_a_column_of_ages_has_gender_only(
    tmp_path: Path, data_section: Section
) -> None:
    write(tmp_path, "id,full_path,gender\n1,a.jpg,0\n")
    columns = Columns(id="id", path="full_path", age=None, gender="gender", identity=None)
    (record,) = read_source(data_section(tmp_path, columns=columns)).records
    assert (record.tasks, record.age) == ({Task.GENDER}, None)
