"""Source `utkface`: labels are read from names, recovered where certain, refused where not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.data.cropping import UNKNOWN, Cropping
from visage.data.source import Record, SourceError, read_source
from visage.params.data import Data

Section = Callable[..., Data]
SUFFIX = ".jpg.chip.jpg"


def record_of(name: str, root: Path, data_section: Section) -> Record:
    (root / name).touch()
    (record,) = read_source(data_section(root, source="utkface")).records
    return record


def test_age_and_gender_stand_in_the_name(tmp_path: Path, data_section: Section) -> None:
    name = "26_1_0_20170103180739213.jpg.chip.jpg"
    record = record_of(name, tmp_path, data_section)
    id_ = name.removesuffix(SUFFIX)
    assert record == Record(id=id_, row=0, path=name, age="26", gender="1", race="white")


def test_code_1_is_female_here(tmp_path: Path, data_section: Section) -> None:
    (tmp_path / f"1_1_1_20170103180739213{SUFFIX}").touch()
    codes = read_source(data_section(tmp_path, source="utkface")).codes
    assert (codes.female, codes.male) == ("1", "0")


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("24_0_1_20170116220224657 .jpg.chip.jpg", "24_0_1_20170116220224657"),
        ("55_0_0_20170116232725357jpg.chip.jpg", "55_0_0_20170116232725357"),
        ("14_0_0_2017011022340900.jpg.chip.jpg", "14_0_0_2017011022340900"),
        ("28_1_2_201701161846515488.jpg.chip.jpg", "28_1_2_201701161846515488"),
        ("38_0_1_201701162330572788.JPG", "38_0_1_201701162330572788"),
    ],
    ids=["space", "no dot", "short time", "long time", "in the wild"],
)
def test_malformed_name_with_certain_labels_is_recovered(
    tmp_path: Path, data_section: Section, name: str, id_: str
) -> None:
    record = record_of(name, tmp_path, data_section)
    found = (record.id, record.path, record.age, record.gender, record.malformed)
    assert found == (id_, name, *name.split("_")[:2], False)


@pytest.mark.parametrize(
    "name",
    [
        "39_1_20170116174525125.jpg.chip.jpg",
        "_1_0_20170116174525125.jpg.chip.jpg",
        "-5_1_0_20170116174525125.jpg.chip.jpg",
        "39_1_0_.jpg.chip.jpg",
        "39_1_0_2017_extra.jpg.chip.jpg",
        "portrait.jpg",
        ".jpg",
        "٣٩_1_0_20170116174525125.jpg.chip.jpg",
    ],
)
def test_name_without_certain_labels_is_malformed(
    tmp_path: Path, data_section: Section, name: str
) -> None:
    record = record_of(name, tmp_path, data_section)
    assert (record.malformed, record.path, record.age) == (True, name, None)


def test_name_that_is_not_utf8_becomes_readable(tmp_path: Path, data_section: Section) -> None:
    (tmp_path / "1_0_0_1.jpg").touch()
    Path(bytes(tmp_path).decode() + "/caf\udce9.jpg").touch()
    record = read_source(data_section(tmp_path, source="utkface")).records[1]
    assert (record.path, record.malformed) == ("caf?.jpg", True)


def test_records_are_sorted_by_name(tmp_path: Path, data_section: Section) -> None:
    names = [f"{age}_0_0_20170103180739213{SUFFIX}" for age in (9, 30, 1, 100)]
    for name in names:
        (tmp_path / name).touch()
    records = read_source(data_section(tmp_path, source="utkface")).records
    assert [record.path for record in records] == sorted(names)


def test_what_is_no_jpeg_file_is_no_row(tmp_path: Path, data_section: Section) -> None:
    (tmp_path / ".DS_Store").touch()
    (tmp_path / "folder.jpg").mkdir()
    assert record_of("1_0_0_20170103180739213.jpg", tmp_path, data_section).row == 0


@pytest.mark.parametrize("target", ["1_0_0_20170103180739213.jpg", "nowhere"])
def test_link_that_leads_nowhere_is_a_row_to_be_set_aside(
    tmp_path: Path, data_section: Section, target: str
) -> None:
    (tmp_path / "1_0_0_20170103180739213.jpg").symlink_to(target)
    (tmp_path / "self").symlink_to(".")
    (record,) = read_source(data_section(tmp_path, source="utkface")).records
    assert record.path == "1_0_0_20170103180739213.jpg"


def test_root_that_links_to_itself_is_told(tmp_path: Path, data_section: Section) -> None:
    (tmp_path / "self").symlink_to("self")
    with pytest.raises(SourceError, match=r"data\.root"):
        read_source(data_section(tmp_path / "self", source="utkface"))


def test_root_one_level_too_high_is_told(tmp_path: Path, data_section: Section) -> None:
    (tmp_path / "UTKFace").mkdir()
    with pytest.raises(SourceError, match=r"holds no \.jpg files.* UTKFace: is it one of those"):
        read_source(data_section(tmp_path, source="utkface"))


MALFORMED = {
    "39_1_20170116174525125.jpg.chip.jpg",
    "61_1_20170109142408075.jpg.chip.jpg",
    "61_1_20170109150557335.jpg.chip.jpg",
}
RECOVERED = {
    "14_0_0_2017011022340900.jpg.chip.jpg": ("14", "0"),
    "24_0_1_20170116220224657 .jpg.chip.jpg": ("24", "0"),
    "28_1_2_201701161846515488.jpg.chip.jpg": ("28", "1"),
    "38_0_1_201701162330572788.jpg.chip.jpg": ("38", "0"),
    "55_0_0_20170116232725357jpg.chip.jpg": ("55", "0"),
}


@pytest.fixture(scope="module")
def real(shared: Path, data_section: Callable[..., Data]) -> dict[str, Record]:
    source = read_source(data_section(shared / "utkface", source="utkface"))
    return {record.path: record for record in source.records}


def test_every_real_face_is_a_row(real: dict[str, Record]) -> None:
    assert len(real) == 18_966


def test_three_real_names_with_a_field_missing_are_malformed(real: dict[str, Record]) -> None:
    assert {path for path, record in real.items() if record.malformed} == MALFORMED


@pytest.mark.parametrize("name", sorted(RECOVERED))
def test_real_malformed_name_is_recovered(real: dict[str, Record], name: str) -> None:
    assert (real[name].age, real[name].gender) == RECOVERED[name]


def test_real_ids_are_unique(real: dict[str, Record]) -> None:
    assert len({record.id for record in real.values()}) == len(real)


@pytest.mark.parametrize(
    ("name", "cropping"),
    [
        ("30_0_1_20170116174412618.jpg.chip.jpg", Cropping(margin=0.0, aligned=True)),
        ("30_0_1_20170116174412618.jpg", UNKNOWN),
    ],
)
def test_how_faces_are_cut_out_is_known_of_the_aligned_crops(
    tmp_path: Path, data_section: Section, name: str, cropping: Cropping
) -> None:
    (tmp_path / name).touch()
    assert read_source(data_section(tmp_path, source="utkface")).cropping == cropping
