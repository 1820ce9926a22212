"""What a page is made of: sections of plain blocks, each of which names its macro in the template.

Every text here is ready to be read and not yet escaped; the template escapes all of it. The one
exception is `Figure.svg`, which is our own drawing. On a wide screen two blocks share a row unless
they are `wide`. What a run does not have has no block, so the template has no branches for it.
"""

from dataclasses import dataclass
from typing import ClassVar

_LONG_TABLE = 12  # rows
_LARGE_SHEET = 6  # faces: one row of them
_COUNTS = ("Faces", "Images", "Rows")


@dataclass(frozen=True)
class Card:
    """One headline figure with its interval and what the trivial predictor reaches."""

    name: str
    value: str
    unit: str
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cards:
    """The headline figures in a row."""

    cards: tuple[Card, ...]
    macro: ClassVar[str] = "cards"
    wide: ClassVar[bool] = True


@dataclass(frozen=True)
class Fact:
    """A name and its value; `code` sets names of models and hashes in a fixed-width font."""

    name: str
    value: str
    code: bool = False


@dataclass(frozen=True)
class Facts:
    """Facts side by side, or, `listed`, one a line (for hashes)."""

    title: str
    facts: tuple[Fact, ...]
    listed: bool = False
    wide: bool = True
    macro: ClassVar[str] = "facts"


@dataclass(frozen=True)
class Figure:
    """An inline SVG drawing; `alt` says in words what it shows."""

    svg: str
    title: str
    caption: str
    alt: str
    macro: ClassVar[str] = "figure"
    wide: ClassVar[bool] = False


@dataclass(frozen=True)
class Cell:
    """A count and its share of the row, which only shades the cell."""

    count: str
    share: float


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix: rows true, columns estimated, both in the order of `labels`."""

    title: str
    caption: str
    labels: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    macro: ClassVar[str] = "matrix"
    wide: ClassVar[bool] = False


@dataclass(frozen=True)
class Table:
    """Rows of texts; the first column names the row.

    `groups` are (name, number of columns) above the columns after the first. A reader can sort the
    rows of a table, unless it is `fixed`, and filter those of a long one. The rows of one that is
    `ordered` come in the order of their names, which no reading of these tells: "below 96.4" first.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    groups: tuple[tuple[str, int], ...] = ()
    wide: bool = False
    fixed: bool = False  # rows of different units, or one after the other
    ordered: bool = False
    macro: ClassVar[str] = "table"

    @property
    def sortable(self) -> bool:
        """Whether another order of the rows makes sense."""
        return not self.fixed and len(self.rows) > 2

    @property
    def filtered(self) -> bool:
        """Whether it is longer than what the eye takes in."""
        return self.sortable and len(self.rows) > _LONG_TABLE

    @property
    def counted(self) -> int | None:
        """The column that says how many images a row rests on."""
        return next((at for at, name in enumerate(self.columns) if name in _COUNTS), None)


@dataclass(frozen=True)
class Face:
    """A face and what was estimated; `picture` is a data address, `error` why it is shown.

    `age` and `gender` are those of its label, None and "" where it has none, to filter by. `ranks`
    are one a name in the sheet's `orders`, the largest first; NaN goes last.
    """

    picture: str
    alt: str
    error: str
    lines: tuple[str, ...]
    id: str
    age: float | None = None
    gender: str = ""
    ranks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """Faces under one heading; with `orders` a reader can filter them and put them in these."""

    title: str
    caption: str
    faces: tuple[Face, ...]
    orders: tuple[str, ...] = ()
    macro: ClassVar[str] = "sheet"
    wide: ClassVar[bool] = True

    @property
    def filtered(self) -> bool:
        """Whether there is something to choose from."""
        return bool(self.orders) and len(self.faces) > _LARGE_SHEET

    @property
    def genders(self) -> list[str]:
        """The genders of the labels, those that are known."""
        return sorted({face.gender for face in self.faces} - {""})

    @property
    def aged(self) -> bool:
        """Whether a label has an age."""
        return any(face.age is not None for face in self.faces)


@dataclass(frozen=True)
class Points:
    """Sentences one below the other."""

    points: tuple[str, ...]
    macro: ClassVar[str] = "points"
    wide: ClassVar[bool] = True


Block = Cards | Facts | Figure | Matrix | Table | Sheet | Points


@dataclass(frozen=True)
class Section:
    """A part of the page; `key` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    lead: str = ""


@dataclass(frozen=True)
class Page:
    """The whole page, ready for the template."""

    title: str
    subtitle: str
    description: str
    sections: tuple[Section, ...]
    brand: str = "visage report"
