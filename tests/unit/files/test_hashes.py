"""Content hashes: what changes them and what does not."""

import hashlib
from pathlib import Path

import pytest

from visage.files.hashes import sha256_bytes, sha256_file, sha256_json, sha256_path


def test_file_and_bytes_have_the_standard_hash(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"visage")
    expected = hashlib.sha256(b"visage").hexdigest()
    assert sha256_file(tmp_path / "a") == sha256_bytes(b"visage") == expected


def test_order_of_keys_does_not_count() -> None:
    assert sha256_json({"a": 1, "b": [2]}) == sha256_json({"b": [2], "a": 1})


def test_order_of_a_list_counts() -> None:
    assert sha256_json([1, 2]) != sha256_json([2, 1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "folder/sub").mkdir(parents=True)
    (tmp_path / "folder/a").write_text("1")
    (tmp_path / "folder/sub/b").write_text("2")
    return tmp_path / "folder"


def test_place_of_a_folder_does_not_count(folder: Path, tmp_path: Path) -> None:
    before = sha256_path(folder)
    assert sha256_path(folder.rename(tmp_path / "elsewhere")) == before


def test_name_of_a_file_in_a_folder_counts(folder: Path) -> None:
    before = sha256_path(folder)
    (folder / "a").rename(folder / "c")
    assert sha256_path(folder) != before


def test_content_of_a_nested_file_counts(folder: Path) -> None:
    before = sha256_path(folder)
    (folder / "sub/b").write_text("3")
    assert sha256_path(folder) != before
