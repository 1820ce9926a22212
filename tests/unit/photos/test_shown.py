"""What a person is told of the rows that the terminal has no room for."""

from pathlib import Path

import pytest

from visage.finding.box import Box
from visage.photos.faces import Face
from visage.photos.rows import NO_FACE, PhotoFaces
from visage.photos.shown import LIMIT, Shown

HINT = "The first 100 rows are shown; --output faces.csv keeps all."


def told(n_with: int, n_without: int, *, output: Path | None = None) -> Shown:
    """Tells of photos with one face, and then of photos without any."""
    shown = Shown(output)
    face = Face(Box(0, 0, 10, 10), age=30.0)
    shown.add(PhotoFaces(Path(f"{number}.jpg"), [face]) for number in range(n_with))
    shown.add(PhotoFaces(Path(f"empty{number}.jpg")) for number in range(n_without))
    shown.tell()
    return shown


def test_rows_without_a_face_count_when_rows_are_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told(60, 60)
    said = capsys.readouterr().out
    assert said.count(NO_FACE) == LIMIT - 60
    assert "60 faces in 120 photos" in said
    assert HINT in said


@pytest.mark.parametrize(("n_with", "n_without"), [(60, 40), (0, 100), (100, 0)])
def test_nothing_is_said_of_rows_that_are_all_shown(
    n_with: int, n_without: int, capsys: pytest.CaptureFixture[str]
) -> None:
    told(n_with, n_without)
    assert "are shown" not in capsys.readouterr().out


def test_nothing_is_said_where_a_file_has_all(capsys: pytest.CaptureFixture[str]) -> None:
    told(60, 60, output=Path("faces.csv"))
    assert capsys.readouterr().out == "60 faces in 120 photos: faces.csv\n"
