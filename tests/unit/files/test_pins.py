"""Pins: one file that stands for a folder, cheap to renew."""

import errno
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from visage.files import pins
from visage.files.pins import PinError, file_names, is_pin, make_pin, read_pin, write_pin


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns a folder with three files; the working folder is another one."""
    project, root = tmp_path / "project", tmp_path / "faces"
    (root / "sub").mkdir(parents=True)
    project.mkdir()
    monkeypatch.chdir(project)
    for name in ("b.jpg", "a c.jpg", "sub/ä.jpg"):
        (root / name).write_bytes(name.encode())
    return root


def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns the list to which the names of all files that are hashed from now on are added."""
    names: list[str] = []

    def note(path: Path) -> str:
        names.append(path.name)
        return hashlib.sha256(path.read_bytes()).hexdigest()

    monkeypatch.setattr(pins, "sha256_file", note)
    return names


def test_pin_lists_every_file_with_its_hash(folder: Path) -> None:
    found = make_pin(folder, name="x", trust_times=True).hashes
    assert found == {
        name: hashlib.sha256(name.encode()).hexdigest()
        for name in ("a c.jpg", "b.jpg", "sub/ä.jpg")
    }


def test_pin_survives_its_file(folder: Path) -> None:
    pin = make_pin(folder, name="x", trust_times=True)
    write_pin(Path("pins/x.sha256"), pin)
    assert is_pin(Path("pins/x.sha256"))
    assert read_pin(Path("pins/x.sha256")) == pin


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not here")
def test_sha256sum_checks_a_pin(folder: Path) -> None:
    write_pin(Path("x.sha256"), make_pin(folder, name="x", trust_times=True))
    command = ["sha256sum", "--check", str(Path("x.sha256").resolve())]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.count("OK") == 3


def test_pinning_again_hashes_only_what_was_touched(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pin(folder, name="x", trust_times=True)
    names = hashed(monkeypatch)
    (folder / "b.jpg").write_bytes(b"other")
    make_pin(folder, name="x", trust_times=True)
    assert names == ["b.jpg"]


def test_change_that_keeps_size_and_mtime_is_seen_by_its_ctime(folder: Path) -> None:
    file = folder / "b.jpg"
    before, old = file.stat(), make_pin(folder, name="x", trust_times=True)
    file.write_bytes(b"B.jpg")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert make_pin(folder, name="x", trust_times=True) != old


def test_without_trust_all_are_hashed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_pin(folder, name="x", trust_times=True)
    names = hashed(monkeypatch)
    make_pin(folder, name="x", trust_times=False)
    assert len(names) == 3


def test_touching_a_file_changes_no_byte_of_the_pin(folder: Path) -> None:
    write_pin(Path("one"), make_pin(folder, name="x", trust_times=True))
    (folder / "b.jpg").touch()
    write_pin(Path("two"), make_pin(folder, name="x", trust_times=True))
    assert Path("one").read_bytes() == Path("two").read_bytes()


def test_without_trust_nothing_is_written(folder: Path) -> None:
    make_pin(folder, name="x", trust_times=False)
    assert list(Path().iterdir()) == []


def test_links_are_followed_and_circles_end(folder: Path) -> None:
    (folder / "sub/up").symlink_to(folder)
    (folder / "link.jpg").symlink_to("b.jpg")
    found = make_pin(folder, name="x", trust_times=True).hashes
    assert sorted(found) == ["a c.jpg", "b.jpg", "link.jpg", "sub/ä.jpg"]


def test_what_two_names_lead_to_is_pinned_under_both(folder: Path) -> None:
    (folder / "again").symlink_to("sub")
    assert file_names(folder) == ["a c.jpg", "again/ä.jpg", "b.jpg", "sub/ä.jpg"]


def test_all_names_that_break_a_line_are_refused_at_once(folder: Path) -> None:
    for name in ("a\nb.jpg", "sub/\u2028.jpg", "caf\udce9.jpg"):
        (folder / name).touch()
    with pytest.raises(PinError, match="rename") as caught:
        make_pin(folder, name="x", trust_times=True)
    told = str(caught.value)
    assert all(name in told for name in (r"'a\nb.jpg'", r"'sub/\u2028.jpg'", r"'caf\udce9.jpg'"))


def test_the_narrow_space_of_screenshots_is_no_line_break(folder: Path) -> None:
    name = "Screenshot 9.41\N{NARROW NO-BREAK SPACE}PM.png"
    (folder / name).touch()
    pin = make_pin(folder, name="x", trust_times=True)
    write_pin(Path("x.sha256"), pin)
    assert name in read_pin(Path("x.sha256")).hashes


def test_a_named_pipe_is_refused_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "sub/pipe")
    with pytest.raises(PinError, match="'sub/pipe': is no file with a content"):
        make_pin(folder, name="x", trust_times=True)


def test_all_folders_that_cannot_be_read_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "deep/er").mkdir(parents=True)
    scan = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name in ("sub", "er"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    with pytest.raises(PinError) as caught:
        make_pin(folder, name="x", trust_times=True)
    assert "'deep/er/': Permission denied\n  'sub/': Permission denied\n" in str(caught.value)


def test_a_folder_that_cannot_be_read_is_not_pinned_as_empty(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(path: Path) -> object:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", locked)
    with pytest.raises(PinError, match=r"can't be read \(Permission denied\); give the folder"):
        make_pin(folder, name="x", trust_times=True)


@pytest.mark.parametrize("content", ["", "text\n", "# root: /a\nabc\n"])
def test_what_is_no_pin_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.sha256").write_text(content)
    with pytest.raises(PinError, match="is no pin"):
        read_pin(tmp_path / "x.sha256")
