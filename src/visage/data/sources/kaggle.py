"""Source `kaggle`: a CSV table of labelled images and, if there is one, a table to be predicted.

The columns' names, the tables' places below the root and the gender codes are parameters, so any
CSV with one row an image fits. Cells are kept as text: pandas would turn an id `007` into 7.
"""

import csv
import difflib
from collections.abc import Iterator
from pathlib import Path

from visage.data.labels import same_code
from visage.data.source import GenderCodes, Record, Source, SourceError, find_root
from visage.params.data import Data
from visage.params.sources import Columns, Kaggle
from visage.schema import UNLABELLED, Task

LABELLED_COLUMNS = ("id", "path", "age", "gender", "identity")
UNLABELLED_COLUMNS = ("id", "path")
SEPARATORS = (";", "\t", "|")  # that programs write in place of the comma

Row = dict[str, str | None]  # a cell is None where the line is too short


def read(data: Data) -> Source:
    """Returns the rows of both tables, the unlabelled ones last.

    Raises:
        SourceError: the root or a table is missing, unreadable, empty or lacks columns.
    """
    root, kaggle = find_root(data.root), data.kaggle
    records = list(_labelled(root, kaggle))
    if kaggle.test_table is not None:
        records += _unlabelled(root, kaggle, first_row=len(records))
    return Source(name="kaggle", root=root, codes=_codes(kaggle), records=tuple(records))


def _labelled(root: Path, kaggle: Kaggle) -> Iterator[Record]:
    columns = kaggle.columns
    tasks = frozenset(task for task in Task if getattr(columns, task) is not None)
    path = _find_table(root, kaggle.table, param="data.kaggle.table")
    for row, cells in enumerate(_read_rows(path, columns, needed=LABELLED_COLUMNS)):
        yield Record(
            id=cells[columns.id] or "",
            row=row,
            path=cells[columns.path] or "",
            tasks=tasks,
            age=cells[columns.age] if columns.age else None,
            gender=cells[columns.gender] if columns.gender else None,
            identity=(cells[columns.identity] or None) if columns.identity else None,
        )


def _unlabelled(root: Path, kaggle: Kaggle, *, first_row: int) -> Iterator[Record]:
    columns = kaggle.columns
    path = _find_table(
        root, str(kaggle.test_table), param="data.kaggle.test_table", or_else=" or null"
    )
    rows = _read_rows(path, columns, needed=UNLABELLED_COLUMNS)
    for row, cells in enumerate(rows, start=first_row):
        yield Record(
            id=cells[columns.id] or "",
            row=row,
            path=cells[columns.path] or "",
            official_part=UNLABELLED,
        )


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


def _read_rows(path: Path, columns: Columns, *, needed: tuple[str, ...]) -> Iterator[Row]:
    reader, row = None, None
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # -sig: Excel writes a BOM
            # strict: else an open quote swallows all rows up to the next one, unsaid
            reader = csv.DictReader(file, skipinitialspace=True, strict=True)
            _check_header(path, list(reader.fieldnames or []), columns, needed=needed)
            for row in reader:
                yield row
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 ({error.reason}); save it as UTF-8") from None
    except (csv.Error, OSError) as error:
        where = f" (near line {reader.reader.line_num}; is a quote left open?)" if reader else ""
        raise SourceError(f"{path} can't be read as CSV: {error}{where}") from None
    if row is None:
        raise SourceError(f"{path} has a header but no rows; it needs one row an image")


def _check_header(
    path: Path, header: list[str], columns: Columns, *, needed: tuple[str, ...]
) -> None:
    faults = []
    _check_form(path, header)
    for key in needed:
        name, param = getattr(columns, key), f"data.kaggle.columns.{key}"
        if name is None:
            continue
        if name not in header:
            close = difflib.get_close_matches(name, header, n=3, cutoff=0.5)
            hint = f", perhaps {', '.join(close)}" if close else ""
            faults.append(f"there is no column {name!r}; set {param} to the table's own name{hint}")
        elif header.count(name) > 1:
            faults.append(f"column {name!r} occurs {header.count(name)} times; set {param}")
    if faults:
        columns_found = ", ".join(header) or "none, the file is empty"
        lines = "\n".join(f"{path}: {fault}" for fault in faults)
        raise SourceError(f"{lines}\ncolumns found: {columns_found}")


def _check_form(path: Path, header: list[str]) -> None:
    """Passes unless the whole header says that this is no CSV, so that columns are no question."""
    names = ",".join(header)
    if "\0" in names:
        raise SourceError(f"{path} holds null characters, as UTF-16 does; save it as UTF-8")
    separator = next((one for one in SEPARATORS if one in names), None)
    if len(header) == 1 and separator:
        raise SourceError(
            f"{path}: its cells seem to be separated by {separator!r}; save it with commas"
        )
