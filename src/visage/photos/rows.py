"""What is written of photos: one row a face, or one row that says why a photo has none.

Boxes are rounded to a tenth of a pixel, ages to a hundredth of a year, probabilities to four
decimals: far finer than any model is right.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from visage.photos.faces import Face

NO_FACE: Final = "no face found"

# `face` counts from 0, from left to right. `gender`: 0 = female, 1 = male; `gender_probability`: of
# male. `unfamiliar`: the training had no faces like this one; null where the model does not tell.
# Without an error all but the columns of a task that the model lacks are filled. Types by their
# names in Arrow, which is not needed here.
COLUMNS: Final[Mapping[str, str]] = {
    "path": "string",
    "face": "int32",
    "x0": "float64",  # pixels of the photo as it is displayed
    "y0": "float64",
    "x1": "float64",
    "y1": "float64",
    "age": "float64",  # years
    "age_low": "float64",
    "age_high": "float64",
    "gender": "int8",
    "gender_probability": "float64",
    "error": "string",
    "unfamiliar": "bool",
}
PIXEL_DECIMALS: Final = 1
AGE_DECIMALS: Final = 2
PROBABILITY_DECIMALS: Final = 4

Row = dict[str, Any]  # a value a column; None: not known
_NOTHING: Final[Row] = dict.fromkeys(COLUMNS)


@dataclass(frozen=True)
class PhotoFaces:
    """A photo's faces; `unreadable` says why it could not be read, else it is None."""

    path: Path
    faces: Sequence[Face] = ()
    unreadable: str | None = None

    @property
    def error(self) -> str | None:
        """Why there are no faces; None: there are."""
        return self.unreadable or (None if self.faces else NO_FACE)


def rows(photos: Iterable[PhotoFaces]) -> list[Row]:
    """Returns a row a face, or one with the error; all columns, in the order of COLUMNS."""
    return [_NOTHING | row for photo in photos for row in _rows(photo)]


def _rows(photo: PhotoFaces) -> Iterator[Row]:
    path = readable(photo.path)
    if photo.error is not None:
        yield {"path": path, "error": photo.error}
    for number, face in enumerate(photo.faces):
        yield {"path": path, "face": number, **_cells(face)}


def readable(path: Path) -> str:
    """Returns a path's text with "?" for bytes that are no UTF-8, which no table can hold."""
    return str(path).encode("utf-8", "replace").decode()


def _cells(face: Face) -> Row:
    box = face.box
    edges = {"x0": box.x0, "y0": box.y0, "x1": box.x1, "y1": box.y1}
    ages = {"age": face.age, "age_low": face.age_low, "age_high": face.age_high}
    return {
        **{name: round(float(value), PIXEL_DECIMALS) for name, value in edges.items()},
        **{name: _rounded(value, AGE_DECIMALS) for name, value in ages.items()},
        "gender": face.gender,
        "gender_probability": _rounded(face.gender_probability, PROBABILITY_DECIMALS),
        "unfamiliar": face.unfamiliar,
    }


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)
