"""Files and folders appear whole or not at all."""

import shutil
from pathlib import Path

import pytest

from visage.files.atomic import atomic_file, atomic_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fail_half_way(path: Path) -> None:
    path.write_text("half")
    raise ZeroDivisionError


def test_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    with atomic_file(tmp_path / "new/file.txt") as temporary:
        temporary.write_text("whole")
        assert not (tmp_path / "new/file.txt").exists()
    assert (tmp_path / "new/file.txt").read_text() == "whole"


def test_failed_block_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("old")
    with pytest.raises(ZeroDivisionError), atomic_file(tmp_path / "file.txt") as temporary:
        fail_half_way(temporary)
    assert (tmp_path / "file.txt").read_text() == "old"
    assert names(tmp_path) == ["file.txt"]


def test_folder_replaces_the_old_one_whole(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/old").touch()
    with atomic_folder(tmp_path / "folder") as temporary:
        (temporary / "new").touch()
    assert names(tmp_path / "folder") == ["new"]


def test_failed_block_leaves_the_old_folder_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/old").touch()
    with pytest.raises(ZeroDivisionError), atomic_folder(tmp_path / "folder") as temporary:
        fail_half_way(temporary / "new")
    assert names(tmp_path / "folder") == ["old"]
    assert names(tmp_path) == ["folder"]


@pytest.mark.parametrize("remains", [".folder.part", ".folder.old"])
def test_remains_of_a_killed_run_are_swept_away(tmp_path: Path, remains: str) -> None:
    (tmp_path / remains).mkdir()
    (tmp_path / remains / "stale").touch()
    with atomic_folder(tmp_path / "folder"):
        pass
    assert names(tmp_path) == ["folder"]
    assert names(tmp_path / "folder") == []


@pytest.mark.parametrize("moves", [1, 2])
def test_interrupt_between_the_two_moves_leaves_one_whole_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    """moves: so many succeed before the interrupt: the old folder away, the new one in."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/old").touch()
    rename, done = Path.rename, []

    def interrupted(path: Path, target: Path) -> Path:
        done.append(target)
        if len(done) == moves + 1:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt), atomic_folder(tmp_path / "folder") as temporary:
        (temporary / "new").touch()
    assert names(tmp_path / "folder") == ["old" if moves == 1 else "new"]


def test_old_folder_of_a_killed_run_comes_back_before_the_next_one_may_fail(tmp_path: Path) -> None:
    for remains, file in {".folder.part": "new", ".folder.old": "old"}.items():
        (tmp_path / remains).mkdir()
        (tmp_path / remains / file).touch()
    with pytest.raises(ZeroDivisionError), atomic_folder(tmp_path / "folder") as temporary:
        fail_half_way(temporary / "newer")
    assert names(tmp_path) == ["folder"]
    assert names(tmp_path / "folder") == ["old"]


def test_folder_that_is_half_deleted_never_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("a", "b"):
        (tmp_path / "folder" / name).touch()
    delete = shutil.rmtree

    def killed(path: Path, **_: object) -> None:
        if (path / "a").exists():
            (path / "a").unlink()
            raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", killed)
    with pytest.raises(KeyboardInterrupt), atomic_folder(tmp_path / "folder"):
        pass
    monkeypatch.setattr(shutil, "rmtree", delete)
    delete(tmp_path / "folder")  # as DVC does before the stage runs again
    with pytest.raises(ZeroDivisionError), atomic_folder(tmp_path / "folder") as temporary:
        fail_half_way(temporary / "new")
    assert names(tmp_path) == []


def test_interrupt_while_the_old_folder_is_deleted_leaves_the_new_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(path: Path, **_: object) -> None:
        if path.exists():
            raise KeyboardInterrupt

    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/old").touch()
    monkeypatch.setattr(shutil, "rmtree", interrupt)
    with pytest.raises(KeyboardInterrupt), atomic_folder(tmp_path / "folder") as temporary:
        (temporary / "new").touch()
    assert names(tmp_path / "folder") == ["new"]
