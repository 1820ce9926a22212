import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from visage.cli.main import app

Pin = Callable[..., Result]


@pytest.fixture
def pin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pin:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "faces").mkdir()
    (tmp_path / "faces/a.jpg").write_bytes(b"a")
    return lambda *words: CliRunner().invoke(app, ["data", "pin", *words])


def test_pin_says_what_to_set(pin: Pin) -> None:
    result = pin("faces")
    assert result.exit_code == 0, result.output
    assert "1 files pinned; set data.root: pins/faces.sha256" in result.output
    assert Path("pins/faces.sha256").is_file()


def test_pin_says_that_changes_go_unnoticed_from_now_on(pin: Pin) -> None:
    told = " ".join(pin("faces").output.split())
    assert "`dvc repro` does not notice a change in" in told
    assert "until you pin it again" in told


def test_check_of_an_untouched_folder_ends_with_0(pin: Pin) -> None:
    pin("faces", "--name", "x")
    assert pin("faces", "--name", "x", "--check").exit_code == 0


def test_check_names_what_differs_and_writes_nothing(pin: Pin) -> None:
    pin("faces")
    before = Path("pins/faces.sha256").read_bytes()
    Path("faces/a.jpg").write_bytes(b"b")
    Path("faces/new.jpg").write_bytes(b"b")
    result = pin("faces", "--check")
    assert result.exit_code == 1
    assert all(word in result.output for word in ("2 files differ", "a.jpg", "new.jpg"))
    assert Path("pins/faces.sha256").read_bytes() == before


def test_check_writes_nothing_at_all(pin: Pin, tmp_path: Path) -> None:
    pin("faces")
    shutil.rmtree(".visage")
    before = sorted(tmp_path.rglob("*"))
    assert pin("faces", "--check").exit_code == 0
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("words", [[], ["--check"]])
def test_a_pin_stands_for_one_folder_only(pin: Pin, words: list[str]) -> None:
    pin("faces")
    before = Path("pins/faces.sha256").read_bytes()
    shutil.copytree("faces", "disk/faces")
    result = pin("disk/faces", *words)
    assert result.exit_code == 1
    told = " ".join(result.output.split())
    assert f"pins/faces.sha256 is the pin of {Path('faces').resolve()}, not of" in told
    assert "another --name" in told
    assert Path("pins/faces.sha256").read_bytes() == before


def test_a_broken_pin_is_made_again(pin: Pin) -> None:
    pin("faces")
    before = Path("pins/faces.sha256").read_bytes()
    Path("pins/faces.sha256").write_text("<<<<<<< HEAD\n")
    assert pin("faces").exit_code == 0
    assert Path("pins/faces.sha256").read_bytes() == before


@pytest.mark.parametrize("words", [["absent"], ["faces", "--check"]])
def test_what_is_not_there_is_one_message(pin: Pin, words: list[str]) -> None:
    result = pin(*words)
    assert result.exit_code == 1
    assert result.output.startswith("ERROR: ")
