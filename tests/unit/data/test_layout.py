"""Where files lie: all that is missing is named at once, with the folder that has it."""

import errno
from pathlib import Path

import pytest

from visage.data.layout import jpeg_names, readable, require_files
from visage.data.source import SourceError

NAMES = ["a.csv", "b.csv"]


def message_of(root: Path) -> str:
    with pytest.raises(SourceError) as caught:
        require_files(root, NAMES)
    return str(caught.value)


def write(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / name).touch()
    return folder


def test_files_are_given_in_the_order_asked_for(tmp_path: Path) -> None:
    folder = write(tmp_path / "faces")
    assert require_files(folder, NAMES) == [folder / "a.csv", folder / "b.csv"]


def test_all_missing_files_are_named_at_once(tmp_path: Path) -> None:
    assert f"{tmp_path} lacks a.csv, b.csv" in message_of(tmp_path)


@pytest.mark.parametrize("place", ["faces", "data/faces"])
def test_folder_below_that_has_them_is_named(tmp_path: Path, place: str) -> None:
    right = write(tmp_path / place)
    assert message_of(tmp_path).endswith(f"set data.root to {right}")


def test_folder_above_that_has_them_is_named(tmp_path: Path) -> None:
    right = write(tmp_path / "faces")
    (right / "train").mkdir()
    assert message_of(right / "train").endswith(f"set data.root to {right}")


def test_folders_are_named_where_none_has_them(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    assert "it has the folders train: is it one of those?" in message_of(tmp_path)


def test_folder_that_may_not_be_read_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    right = write(tmp_path / "faces")
    found = Path.is_file

    def guarded(path: Path) -> bool:
        if "locked" in path.parts:
            raise PermissionError(path)
        return found(path)

    monkeypatch.setattr(Path, "is_file", guarded)
    assert message_of(tmp_path).endswith(f"set data.root to {right}")


def test_one_missing_file_is_to_be_put_beside_the_others(tmp_path: Path) -> None:
    folder = write(tmp_path / "faces")
    (folder / "b.csv").unlink()
    message = message_of(folder)
    assert message == f"data.root: {folder} lacks b.csv; put what is missing beside the others"


def test_names_of_files_are_sorted_and_links_count_wherever_they_lead(tmp_path: Path) -> None:
    for name in ("b.jpg", "A.JPG", "c.png"):
        (tmp_path / name).touch()
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    assert jpeg_names(tmp_path, form="number_name.jpg") == ["A.JPG", "b.jpg", "loop.jpg"]


def test_link_to_where_one_may_not_look_is_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jpg").symlink_to("/locked/a.jpg")

    def locked(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", locked)
    assert jpeg_names(tmp_path, form="number_name.jpg") == ["a.jpg"]


def test_folder_without_such_files_says_of_what_form_they_are(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as raised:
        jpeg_names(tmp_path, form="number_name.jpg")
    message = str(raised.value)
    assert "holds no .jpg files (it has no folders)" in message
    assert message.endswith("named number_name.jpg")


def test_name_that_is_not_utf8_becomes_readable() -> None:
    assert readable("caf\udce9.jpg") == "caf?.jpg"
