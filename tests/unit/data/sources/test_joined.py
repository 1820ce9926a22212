"""Source `joined`: several data sets as one, without their names, paths or codes meeting."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.codes import FEMALE, MALE
from visage.data.cropping import UNKNOWN, Cropping
from visage.data.labels import Labels, Rules, read_labels
from visage.data.source import Source, SourceError, read_source
from visage.params.data import Data
from visage.params.sources import Joined

Section = Callable[..., Data]
Write = Callable[..., None]
Join = Callable[..., Data]


@pytest.fixture
def join(tmp_path: Path, data_section: Section) -> Join:
    """Returns a function that gives the section for parts, "source" or "source:folder"."""

    def make(*parts: str, **fields: object) -> Data:
        pairs = [part.partition(":") for part in parts]
        sources = tuple(Joined(source=name, root=root or name) for name, _, root in pairs)
        return data_section(tmp_path, source="joined", sources=sources, **fields)

    return make


def message_of(data: Data) -> str:
    with pytest.raises(SourceError) as caught:
        read_source(data)
    return str(caught.value)


def genders(source: Source) -> list[int | None]:
    found = []
    for record in source.records:
        labels = read_labels(record, codes=source.codes, rules=Rules(age_max=100))
        assert isinstance(labels, Labels)
        found.append(labels.gender)
    return found


def test_ids_paths_and_identities_get_the_folder_in_front(
    tmp_path: Path, join: Join, write_names: Write
) -> None:
    write_names(tmp_path / "agedb", "0_MariaCallas_35_f.jpg")
    (record,) = read_source(join("agedb")).records
    assert (record.id, record.path, record.identity) == (
        "agedb/0_MariaCallas_35_f",
        "agedb/0_MariaCallas_35_f.jpg",
        "agedb/MariaCallas",
    )


def test_identity_that_is_not_known_stays_so(
    tmp_path: Path, join: Join, write_names: Write
) -> None:
    write_names(tmp_path / "utkface", "26_1_0_20170103180739213.jpg.chip.jpg")
    assert read_source(join("utkface")).records[0].identity is None


def test_each_record_names_its_source(tmp_path: Path, join: Join, write_names: Write) -> None:
    write_names(tmp_path / "utkface", "26_1_0_20170103180739213.jpg.chip.jpg")
    write_names(tmp_path / "agedb", "0_MariaCallas_35_f.jpg")
    records = read_source(join("agedb", "utkface")).records
    assert [record.source for record in records] == ["agedb", "utkface"]


def test_codes_that_are_the_inverse_of_each_other_give_the_same_genders(
    tmp_path: Path, join: Join, write_names: Write, write_file: Write, write_celeba: Write
) -> None:
    write_names(tmp_path / "utkface", "26_0_0_1.jpg", "26_1_0_1.jpg")  # 1 is female
    write_file(  # 0 is female
        tmp_path / "kaggle/train.csv", "id,full_path,gender,age\n1,a.jpg,1,20\n2,b.jpg,0.0,20\n"
    )
    write_celeba(tmp_path / "celeba")  # -1 is female
    source = read_source(join("utkface", "kaggle", "celeba"))
    assert genders(source) == [MALE, FEMALE] * 3


def test_gender_that_is_no_code_stays_to_be_shown(
    tmp_path: Path, join: Join, write_file: Write
) -> None:
    write_file(tmp_path / "kaggle/train.csv", "id,full_path,gender,age\n1,a.jpg,7,20\n")
    assert read_source(join("kaggle")).records[0].gender == "7"


def test_unlabelled_records_come_last_and_rows_count_on(
    tmp_path: Path, join: Join, write_names: Write
) -> None:
    write_names(tmp_path / "mine", "a.jpg", "b.png")
    write_names(tmp_path / "agedb", "0_MariaCallas_35_f.jpg")
    records = read_source(join("folder:mine", "agedb")).records
    assert [(one.row, one.id) for one in records] == [
        (0, "agedb/0_MariaCallas_35_f"),
        (1, "mine/a"),
        (2, "mine/b"),
    ]


def test_one_data_set_may_be_there_twice_under_two_folders(
    tmp_path: Path, join: Join, write_names: Write
) -> None:
    for folder in ("old", "new"):
        write_names(tmp_path / folder, "0_MariaCallas_35_f.jpg")
    ids = [record.id for record in read_source(join("agedb:old", "agedb:new")).records]
    assert ids == ["old/0_MariaCallas_35_f", "new/0_MariaCallas_35_f"]


def test_linked_folder_is_a_folder_below_the_root(
    tmp_path: Path, data_section: Section, write_names: Write
) -> None:
    write_names(tmp_path / "elsewhere", "0_MariaCallas_35_f.jpg")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/agedb").symlink_to(tmp_path / "elsewhere")
    sources = (Joined(source="agedb", root="agedb"),)
    data = data_section(tmp_path / "root", source="joined", sources=sources)
    (record,) = read_source(data).records
    assert (tmp_path / "root" / record.path).is_file()


def test_empty_list_is_told_with_its_form(join: Join) -> None:
    assert "data.sources: is empty; data.source=joined needs a list" in message_of(join())


def test_joined_is_no_part_of_itself(tmp_path: Path, join: Join) -> None:
    (tmp_path / "joined").mkdir()
    assert "can't be a part of itself" in message_of(join("joined"))


@pytest.mark.parametrize("root", ["../agedb", "agedb/../..", "/agedb"])
def test_folder_that_is_not_below_the_root_is_refused(join: Join, root: str) -> None:
    found = message_of(join(f"agedb:{root}"))
    assert found == f"data.sources[0].root: {root!r} is not a folder below data.root"


def test_missing_folder_of_a_part_is_named(tmp_path: Path, join: Join) -> None:
    found = message_of(join("agedb"))
    wanted = f"data.sources[0].root: {tmp_path} has no folder 'agedb'; set one that is below it"
    assert found == wanted


def test_misspelt_source_of_a_part_is_told_with_near_names(tmp_path: Path, join: Join) -> None:
    (tmp_path / "a").mkdir()
    found = message_of(join("agebd:a"))
    assert found.startswith("data.sources[0].source: there is no 'agebd'; did you mean agedb")


def test_faults_of_all_parts_are_told_at_once_each_with_its_own_parameter(
    tmp_path: Path, join: Join, write_names: Write
) -> None:
    write_names(tmp_path / "utk", "26_1_0_1.jpg")
    (tmp_path / "old").mkdir()
    write_names(tmp_path / "fair/sub", "fairface_label_train.csv", "fairface_label_val.csv")
    found = message_of(join("agedb:old", "utkface:utk", "fairface:fair"))
    first, second = found.splitlines()
    assert first.startswith("data.sources[0].root: old holds no .jpg files")
    assert second == (
        "data.sources[2].root: fair lacks fairface_label_train.csv, fairface_label_val.csv; "
        "set data.sources[2].root to fair/sub"
    )


def test_part_that_lies_in_the_root_itself_is_named_by_a_dot(
    tmp_path: Path, join: Join, write_names: Write
) -> None:
    write_names(tmp_path, "fairface_label_train.csv", "fairface_label_val.csv")
    (tmp_path / "train").mkdir()
    assert message_of(join("fairface:train")).endswith("set data.sources[0].root to .")


def test_how_faces_are_cut_out_is_known_where_all_parts_agree(
    tmp_path: Path, join: Join, write_names: Write
) -> None:
    for folder in ("a", "b"):
        write_names(tmp_path / folder, "30_0_1_20170116174412618.jpg.chip.jpg")
    write_names(tmp_path / "agedb", "0_MariaCallas_35_f.jpg")
    same = read_source(join("utkface:a", "utkface:b"))
    assert same.cropping == Cropping(margin=0.0, aligned=True)
    assert read_source(join("utkface:a", "agedb")).cropping == UNKNOWN
