"""Source `kaggle`: a CSV table of labelled images and, if there is one, a table to be predicted.

The columns' names, the tables' places below the root and the gender codes are parameters, so any
CSV with one row an image fits.
"""

from collections.abc import Iterator
from pathlib import Path

from visage.codes import UNLABELLED, Task
from visage.data.csv_rows import Column, read_rows
from visage.data.labels import is_empty, same_code
from visage.data.packed import Packed
from visage.data.source import GenderCodes, Record, Source, SourceError, find_root
from visage.params.data import Data
from visage.params.sources import Columns, Kaggle

LABELLED_COLUMNS = ("id", "path", "age", "gender", "identity")
UNLABELLED_COLUMNS = ("id", "path")


def read(data: Data) -> Source:
    """Returns the rows of both tables, the unlabelled ones last.

    Raises:
        SourceError: the root or a table is missing, unreadable, empty or lacks columns.
    """
    root, kaggle = find_root(data.root), data.kaggle
    records = Packed(_labelled(root, kaggle))
    if kaggle.test_table is not None:
        records.extend(_unlabelled(root, kaggle, first_row=len(records)))
    return Source(name="kaggle", root=root, codes=_codes(kaggle), records=records)


def _labelled(root: Path, kaggle: Kaggle) -> Iterator[Record]:
    columns = kaggle.columns
    tasks = frozenset(task for task in Task if getattr(columns, task) is not None)
    path = _find_table(root, kaggle.table, param="data.kaggle.table")
    for row, cells in enumerate(read_rows(path, _needed(columns, LABELLED_COLUMNS))):
        yield Record(
            id=cells[columns.id] or "",
            row=row,
            path=cells[columns.path] or "",
            tasks=tasks,
            age=cells[columns.age] if columns.age else None,
            gender=cells[columns.gender] if columns.gender else None,
            identity=_name(cells[columns.identity]) if columns.identity else None,
            malformed=cells.surplus,
        )


def _unlabelled(root: Path, kaggle: Kaggle, *, first_row: int) -> Iterator[Record]:
    columns = kaggle.columns
    path = _find_table(
        root, str(kaggle.test_table), param="data.kaggle.test_table", or_else=" or null"
    )
    rows = read_rows(path, _needed(columns, UNLABELLED_COLUMNS))
    for row, cells in enumerate(rows, start=first_row):
        yield Record(
            id=cells[columns.id] or "",
            row=row,
            path=cells[columns.path] or "",
            official_part=UNLABELLED,
            malformed=cells.surplus,
        )


def _name(cell: str | None) -> str | None:
    """Returns a person's name; None where the cell says that it is not known."""
    name = (cell or "").strip()
    return None if is_empty(name) else name


def _needed(columns: Columns, keys: tuple[str, ...]) -> list[Column]:
    """Returns the columns of these keys of `data.kaggle.columns`, those left out that are null."""
    named = ((key, getattr(columns, key)) for key in keys)
    return [
        Column(name, param=f"data.kaggle.columns.{key}") for key, name in named if name is not None
    ]


def _codes(kaggle: Kaggle) -> GenderCodes:
    if same_code(kaggle.female, kaggle.male):
        raise SourceError(
            f"data.kaggle: female {kaggle.female!r} and male {kaggle.male!r} are the same number; "
            "set two different codes"
        )
    return GenderCodes(female=kaggle.female, male=kaggle.male)


def _find_table(root: Path, name: str, *, param: str, or_else: str = "") -> Path:
    path = root / name
    if path.is_file():
        return path
    tables = sorted(found for pattern in ("*.csv", "*/*.csv") for found in root.glob(pattern))
    names = ", ".join(found.relative_to(root).as_posix() for found in tables[:8])
    raise SourceError(
        f"{param}: there is no file {name!r} in data.root ({root}); "
        f"CSV files there: {names or 'none'}; set {param} to one of them{or_else}"
    )
