"""What `visage predict` tells a person: the faces as a table, and how many there were."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from visage.codes import FEMALE, MALE
from visage.photos.faces import Face
from visage.photos.rows import PhotoFaces, readable

LIMIT: Final = 100  # rows; a file has all
GENDERS: Final = {FEMALE: "female", MALE: "male"}
HEADINGS: Final = ("photo", "face", "box", "age", "interval", "gender", "male", "")
MARK: Final = "?"
UNFAMILIAR: Final = (
    "{n} marked ? (column unfamiliar): the model learnt from none like that; don't rely on it."
)


class Shown:
    """Counts what passes, and keeps the first rows where they go to the terminal."""

    def __init__(self, output: Path | None) -> None:
        """Takes the file that gets all rows; None: the terminal gets them."""
        self.output = output
        self.n_photos = self.n_faces = self.n_rows = 0
        self.n_unreadable = self.n_unfamiliar = 0
        self._rows: list[tuple[str, ...]] = []

    def add(self, photos: Iterable[PhotoFaces]) -> None:
        """Counts photos, and keeps their rows while there is room."""
        for photo in photos:
            self.n_photos += 1
            self.n_faces += len(photo.faces)
            self.n_unreadable += photo.unreadable is not None
            self.n_unfamiliar += sum(bool(face.unfamiliar) for face in photo.faces)
            rows = _rows(photo)
            self.n_rows += len(rows)
            if self.output is None and len(self._rows) < LIMIT:
                self._rows += rows

    def tell(self) -> None:
        """Prints the table, if there is no file, and the counts."""
        console = Console()
        if self.output is None:
            console.print(_table(self._rows[:LIMIT]))
        broken = f", {self.n_unreadable} could not be read" if self.n_unreadable else ""
        where = f": {self.output}" if self.output else ""
        counts = f"{_count(self.n_faces, 'face')} in {_count(self.n_photos, 'photo')}{broken}"
        console.print(f"{counts}{where}", soft_wrap=True, markup=False, highlight=False)
        if self.n_unfamiliar:
            console.print(UNFAMILIAR.format(n=_count(self.n_unfamiliar, "face")), soft_wrap=True)
        if self.output is None and self.n_rows > LIMIT:
            console.print(f"The first {LIMIT} rows are shown; --output faces.csv keeps all.")


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _table(rows: list[tuple[str, ...]]) -> Table:
    table = Table()
    for place, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if place in (1, 3, 6) else "left")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _rows(photo: PhotoFaces) -> list[tuple[str, ...]]:
    path = readable(photo.path)
    if photo.error is not None:
        return [(path, "", photo.error, "", "", "", "", "")]
    return [(path, str(number), *_cells(face)) for number, face in enumerate(photo.faces)]


def _cells(face: Face) -> tuple[str, ...]:
    box = face.box
    interval = "" if face.age_low is None else f"{face.age_low:.0f}-{face.age_high:.0f}"
    return (
        f"{box.x0:.0f},{box.y0:.0f} {box.width:.0f}x{box.height:.0f}",
        "" if face.age is None else f"{face.age:.1f}",
        interval,
        "" if face.gender is None else GENDERS[face.gender],
        "" if face.gender_probability is None else f"{face.gender_probability:.0%}",
        MARK if face.unfamiliar else "",
    )
