"""A temporary file that nobody has to close, in the project."""

import os
import tempfile
from pathlib import Path

import pytest

from visage.files.scratch import scratch


class Owner:
    pass


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns the machine's folder for temporary files; the working folder is another one."""
    for name in ("elsewhere", "here"):
        (tmp_path / name).mkdir()
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "elsewhere"))
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "elsewhere"


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Returns the list to which the folder of each scratch file from now on is added."""
    found: list[Path] = []
    make = tempfile.TemporaryFile

    def noted(dir: Path | None) -> object:  # noqa: A002 (the name that tempfile gives it)
        found.append(Path(dir or tempfile.gettempdir()).resolve())
        return make(dir=dir)

    monkeypatch.setattr(tempfile, "TemporaryFile", noted)
    return found


def test_it_has_no_name_and_ends_with_its_owner(elsewhere: Path) -> None:
    owner = Owner()
    file = scratch(owner)
    file.write(b"many rows")
    file.seek(0)
    assert file.read() == b"many rows"
    assert list(elsewhere.iterdir()) == []
    del owner
    assert file.closed


def test_it_lies_in_the_project(places: list[Path]) -> None:
    Path(".dvc").mkdir()
    scratch(Owner())
    assert places == [Path(".visage").resolve()]
    assert list(Path(".visage").iterdir()) == []


def test_without_a_project_nothing_is_made_where_one_stands(
    places: list[Path], elsewhere: Path
) -> None:
    scratch(Owner())
    assert places == [elsewhere]
    assert list(Path().iterdir()) == []


def test_the_users_own_choice_counts(
    places: list[Path], elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".dvc").mkdir()
    monkeypatch.setenv("TMPDIR", str(elsewhere))
    scratch(Owner())
    assert places == [elsewhere]


def test_a_project_that_is_not_ones_own_to_write_in_is_left_alone(
    places: list[Path], elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".dvc").mkdir()
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    scratch(Owner())
    assert places == [elsewhere]
