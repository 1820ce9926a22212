"""Source `folder`: every image below the root, each with an id of its own, nothing labelled."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visage.codes import UNLABELLED
from visage.data.decoding import decode_original
from visage.data.source import Record, SourceError, read_source
from visage.data.sources.folder import SUFFIXES, _ids
from visage.params.data import Data

Section = Callable[..., Data]
Write = Callable[..., None]


@pytest.fixture
def data(tmp_path: Path, data_section: Section) -> Data:
    return data_section(tmp_path, source="folder")


def test_image_is_there_to_be_predicted(tmp_path: Path, data: Data, write_names: Write) -> None:
    write_names(tmp_path, "holiday/beach.JPG")
    expected = Record(id="holiday/beach", row=0, path="holiday/beach.JPG", official_part=UNLABELLED)
    assert tuple(read_source(data).records) == (expected,)


def test_images_are_sorted_by_path(tmp_path: Path, data: Data, write_names: Write) -> None:
    write_names(tmp_path, "b.png", "a/z.jpg", "c.webp", "a/b/c.bmp")
    paths = [record.path for record in read_source(data).records]
    assert paths == ["a/b/c.bmp", "a/z.jpg", "b.png", "c.webp"]


def test_ids_that_two_files_would_share_keep_the_suffix(
    tmp_path: Path, data: Data, write_names: Write
) -> None:
    write_names(tmp_path, "a.jpg", "a.png", "b.jpg")
    assert [record.id for record in read_source(data).records] == ["a.jpg", "a.png", "b"]


@given(
    paths=st.sets(
        st.tuples(st.sampled_from(["a", "b/a", "a.jpg"]), st.sampled_from([".jpg", ".png", ".JPG"]))
    )
)
def test_no_two_files_share_an_id(paths: set[tuple[str, str]]) -> None:
    names = sorted(stem + suffix for stem, suffix in paths)
    assert len(set(_ids(names))) == len(names)


def test_other_and_hidden_files_are_no_rows(tmp_path: Path, data: Data, write_names: Write) -> None:
    write_names(tmp_path, "a.jpg", "notes.txt", "._a.jpg", ".thumbnails/a.jpg", "README")
    assert [record.path for record in read_source(data).records] == ["a.jpg"]


def test_linked_folder_is_read_and_a_circle_of_links_ends(
    tmp_path: Path, data_section: Section, write_names: Write
) -> None:
    write_names(tmp_path / "elsewhere", "b.jpg")
    write_names(tmp_path / "root", "a.jpg")
    (tmp_path / "root/linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "root/self").symlink_to(".")
    records = read_source(data_section(tmp_path / "root", source="folder")).records
    assert [record.path for record in records] == ["a.jpg", "linked/b.jpg"]


def test_link_that_leads_nowhere_is_a_row_to_be_set_aside(tmp_path: Path, data: Data) -> None:
    (tmp_path / "a.jpg").symlink_to("a.jpg")
    assert [record.path for record in read_source(data).records] == ["a.jpg"]


def test_name_that_is_not_utf8_is_set_aside(tmp_path: Path, data: Data) -> None:
    Path(bytes(tmp_path).decode() + "/caf\udce9.jpg").touch()
    (record,) = read_source(data).records
    assert (record.path, record.malformed) == ("caf?.jpg", True)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_suffix_is_of_a_format_that_is_decoded(tmp_path: Path, suffix: str) -> None:
    PIL.Image.init()
    if suffix not in PIL.Image.EXTENSION or PIL.Image.EXTENSION[suffix] not in PIL.Image.SAVE:
        pytest.skip(f"this Pillow writes no {suffix}")
    PIL.Image.new("L", (32, 32), 90).save(tmp_path / f"a{suffix}")
    decoded = decode_original((tmp_path / f"a{suffix}").read_bytes())
    assert np.shape(decoded.image) == (32, 32, 3)


def test_folder_without_images_says_what_is_there(
    tmp_path: Path, data: Data, write_names: Write
) -> None:
    write_names(tmp_path, "a.HEIC", "b.txt")
    with pytest.raises(SourceError, match=r"holds no images \(files there end in '.heic', '.txt'"):
        read_source(data)


def test_empty_folder_is_told_to_be_empty(data: Data) -> None:
    with pytest.raises(SourceError, match="it is empty"):
        read_source(data)


def test_all_folders_that_cannot_be_read_are_named(
    tmp_path: Path, data: Data, write_names: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_names(tmp_path, "a.jpg", "holiday/b.jpg", "work/deep/c.jpg")
    names = os.listdir

    def guarded(folder: Path) -> list[str]:
        if Path(folder).name in ("holiday", "deep"):
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return names(folder)

    monkeypatch.setattr(os, "listdir", guarded)
    with pytest.raises(SourceError) as caught:
        read_source(data)
    assert f"{tmp_path}/holiday (Permission denied)" in str(caught.value)
    assert f"{tmp_path}/work/deep (Permission denied)" in str(caught.value)
