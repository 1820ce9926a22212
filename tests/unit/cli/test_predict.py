"""`visage predict` with a model that says brightness is age."""

import csv
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import cv2
import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from visage.cli import predict as command
from visage.cli.main import app
from visage.codes import Task
from visage.estimates import Estimates
from visage.inference.face_model import Images, ModelFacts
from visage.photos.rows import PhotoFaces

Visage = Callable[..., Result]
FACTS = ModelFacts(32, (Task.AGE,), 100, "stretch", None, False, 0.9, None, "ab" * 32, "onnx")


class Brightness:
    facts = FACTS
    at_once = 1

    def __call__(self, faces: Images) -> Estimates:
        age = faces.mean(axis=(1, 2, 3)) / 2.55
        return Estimates(age=age, age_low=age - 3, age_high=age + 3)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...] | None]:
    """Returns the views that models were loaded with."""
    seen: list[tuple[str, ...] | None] = []

    def load(path: Path, *, views: tuple[str, ...] | None) -> Brightness:
        seen.append(views)
        return Brightness()

    monkeypatch.setattr(command, "load_face_model", load)
    return seen


@pytest.fixture
def photos(project: Path) -> Path:
    """Two photos and a broken one; the folder is below the working directory."""
    folder = project / "photos"
    folder.mkdir()
    for percent in (20, 60):
        image = np.full((30, 50, 3), round(percent * 2.55), np.uint8)
        cv2.imwrite(str(folder / f"{percent}.png"), image)
    (folder / "bad.jpg").write_bytes(b"no image")
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_rows_go_to_the_file_and_a_broken_photo_is_exit_code_3(
    visage: Visage, photos: Path
) -> None:
    result = visage("predict", photos, "--crop", "none", "--output", "out.csv")
    assert result.exit_code == 3
    assert result.stdout == "2 faces in 3 photos, 1 could not be read: out.csv\n"
    found = rows(Path("out.csv"))
    assert [Path(row["path"]).name for row in found] == ["20.png", "60.png", "bad.jpg"]
    assert [row["age"] for row in found] == ["20.0", "60.0", ""]
    assert [row["error"] for row in found] == ["", "", "no image, 8 bytes"]


def test_without_a_file_the_terminal_gets_a_table(visage: Visage, photos: Path) -> None:
    result = visage("predict", photos / "20.png", "--crop", "center")
    assert result.exit_code == 0
    assert "20.0" in result.stdout
    assert "17-23" in result.stdout
    assert result.stdout.endswith("1 face in 1 photo\n")


def test_a_list_on_standard_input(photos: Path) -> None:
    listed = f"{photos / '60.png'}\n{photos / '20.png'}\n"
    words = ["predict", "-", "--crop", "none", "-o", "out.csv"]
    result = CliRunner().invoke(app, words, input=listed)
    assert result.exit_code == 0
    assert [row["age"] for row in rows(Path("out.csv"))] == ["60.0", "20.0"]


def test_a_listed_name_may_be_of_any_encoding(photos: Path) -> None:
    name = photos / os.fsdecode(b"caf\xe9.png")
    (photos / "20.png").rename(name)
    words = ["predict", "-", "--crop", "none", "-o", "out.csv"]
    result = CliRunner().invoke(app, words, input=os.fsencode(name) + b"\r\n")
    assert result.exit_code == 0, result.output
    (row,) = rows(Path("out.csv"))
    assert (Path(row["path"]).name, row["age"]) == ("caf?.png", "20.0")


@pytest.mark.parametrize("option", ["--output", "--draw"])
@pytest.mark.usefixtures("photos")
def test_a_place_that_cannot_be_written_is_said_before_the_model_is_loaded(
    visage: Visage, option: str, asked: list[object]
) -> None:
    result = visage("predict", "photos", "--crop", "none", option, "params.yaml/out.csv")
    assert result.exit_code == 1
    assert asked == []


def test_a_full_disk_is_a_message(
    visage: Visage, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device", "out.csv")

    monkeypatch.setattr(command, "read_faces", full)
    result = visage("predict", photos, "--crop", "none", "-o", "out.csv")
    assert result.exit_code == 1
    assert result.stderr == "ERROR: out.csv: No space left on device; free some space\n"


def test_a_photo_that_is_gone_before_it_is_drawn_keeps_its_row(
    visage: Visage, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = command.read_faces

    def late(*args: Any, **words: Any) -> Iterator[list[PhotoFaces]]:
        groups = list(found(*args, **words))
        (photos / "60.png").unlink()
        yield from groups

    monkeypatch.setattr(command, "read_faces", late)
    words = ["20.png", "60.png"]
    result = visage(
        *("predict", *(photos / word for word in words), "--crop", "none"),
        *("--draw", "drawn", "-o", "out.csv"),
    )
    assert result.exit_code == 0
    assert len(rows(Path("out.csv"))) == 2
    assert result.stderr == "WARNING: not drawn, because they can't be read any more: 1\n"


def test_annotated_photos_are_written(visage: Visage, photos: Path) -> None:
    visage("predict", photos, "--crop", "none", "--draw", "drawn", "-o", "out.csv")
    assert sorted(path.name for path in Path("drawn").iterdir()) == ["20.png.jpg", "60.png.jpg"]


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_shows_on_a_terminal_and_not_in_a_pipe(
    terminal: bool, visage: Visage, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def console(**words: bool) -> Console:
        return Console(**words, force_terminal=terminal, width=80)

    monkeypatch.setattr(command, "Console", console)
    result = visage("predict", photos, "--crop", "none", "-o", "out.csv")
    assert result.stdout == "2 faces in 3 photos, 1 could not be read: out.csv\n"
    assert ("3/3" in result.stderr) == terminal
    assert bool(result.stderr) == terminal


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["photos", "-o", "out.xlsx"], "the ending must be one of"),
        (["nothing*"], "nothing matches nothing*"),
        (["photos"], "--crop none"),
        (["photos", "--crop", "none", "--margin", "0.2"], "--margin has no effect"),
        (["photos", "--views", "idenity"], "--views: there is no 'idenity'; did you mean identity"),
        (["photos", "-o", "params.yaml/out.csv"], "params.yaml is no folder"),
        (["photos", "--draw", "params.yaml"], "--draw params.yaml: params.yaml is no folder"),
    ],
)
@pytest.mark.usefixtures("photos")
def test_a_mistake_is_exit_code_1_and_writes_nothing(
    visage: Visage, words: list[str], said: str
) -> None:
    before = sorted(Path().iterdir())
    result = visage("predict", *words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert sorted(Path().iterdir()) == before


def test_faces_are_found_where_the_margin_is_told(visage: Visage, photos: Path) -> None:
    result = visage("predict", photos / "20.png", "--margin", "0.2", "-o", "out.csv")
    assert result.exit_code == 0
    assert rows(Path("out.csv"))[0]["error"] == "no face found"


@pytest.mark.parametrize(
    ("words", "views"),
    [
        ((), None),
        (("--views", "identity"), ("identity",)),
        (("--views", "hflip, finer"), ("hflip", "finer")),
    ],
)
def test_views_are_those_asked_for_or_the_models_own(
    words: tuple[str, ...],
    views: tuple[str, ...] | None,
    visage: Visage,
    photos: Path,
    asked: list[tuple[str, ...] | None],
) -> None:
    visage("predict", photos / "20.png", "--crop", "none", *words)
    assert asked == [views]
