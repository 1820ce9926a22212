"""Where nothing can be written is said before the work begins."""

import os
from pathlib import Path

import pytest

from visage.files.places import PlaceError, refuse_file, refuse_folder


def test_what_can_be_made_is_not_refused_and_nothing_is_made(tmp_path: Path) -> None:
    refuse_file(tmp_path / "new/deep/out.csv", option="--output")
    refuse_folder(tmp_path / "new/deep", option="--draw")
    refuse_folder(tmp_path, option="--draw")
    assert list(tmp_path.iterdir()) == []


def test_a_relative_place_is_looked_at_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refuse_file(Path("out.csv"), option="--output")
    Path("in the way").touch()
    with pytest.raises(PlaceError, match="in the way is no folder"):
        refuse_folder(Path("in the way/drawn"), option="--draw")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(PlaceError, match="--output .* is a folder; name a file"):
        refuse_file(tmp_path, option="--output")


@pytest.mark.parametrize("inside", ["", "deeper/still"])
def test_a_file_in_the_way_is_named(tmp_path: Path, inside: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PlaceError, match=r"--draw .*file is no folder; name another place"):
        refuse_folder(tmp_path / "file" / inside, option="--draw")
    with pytest.raises(PlaceError, match=r"--output .*file is no folder"):
        refuse_file(tmp_path / "file" / inside / "out.csv", option="--output")


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != tmp_path)
    with pytest.raises(PlaceError, match=f"{tmp_path} can't be written"):
        refuse_file(tmp_path / "new/out.csv", option="--output")
