"""Folders are entered once, and those that can't be are told."""

from pathlib import Path

import pytest

from visage.photos.folders import folders, identity


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "a/b/x.jpg").touch()
    return tmp_path


def places(top: Path, *, hidden: bool) -> list[str]:
    found = folders(top, locked=[], hidden=hidden)
    return sorted(place.relative_to(top).as_posix() for place, _ in found)


def test_hidden_folders_are_left_out_where_nobody_asks_for_them(top: Path) -> None:
    assert places(top, hidden=True) == [".", ".hidden", "a", "a/b"]
    assert places(top, hidden=False) == [".", "a", "a/b"]


def test_a_folder_with_two_names_is_entered_under_its_own(top: Path) -> None:
    (top / "A").symlink_to("a")
    (top / "a/b/loop").symlink_to(top)
    assert places(top, hidden=False) == [".", "a", "a/b"]


def test_what_is_no_folder_is_told(top: Path) -> None:
    locked: list[Path] = []
    assert list(folders(top / "gone", locked=locked)) == []
    assert locked == [top / "gone"]


def test_a_file_is_the_same_under_all_its_names(top: Path) -> None:
    (top / "link").symlink_to("a/b/x.jpg")
    assert identity(top / "link") == identity(top / "a/b/x.jpg") is not None
    assert identity(top / "gone") is identity(Path("nul\0l")) is None
