"""Rows of a CSV table as text, or one error that says what is wrong with the table.

Cells are kept as text: pandas would turn an id `007` into 7. What is odd but certain is read (a
byte order mark, CRLF, spaces after commas); what would be guessed is refused.
"""

import csv
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from visage.data.source import SourceError

SEPARATORS = (";", "\t", "|")  # that programs write in place of the comma


class Row(dict[str, str | None]):
    """A line's cells by column, None where it is too short.

    surplus: it has cells beyond the last column, so which cell is of which column is uncertain.
    """

    def __init__(self, cells: Mapping[str, str | None], *, surplus: bool) -> None:
        """Takes the cells of the columns."""
        super().__init__(cells)
        self.surplus = surplus


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table must have; `param` names it, None: its publisher does."""

    name: str
    param: str | None = None

    def absent(self, header: list[str]) -> str:
        """Says that the column is missing, and what may be meant."""
        close = difflib.get_close_matches(self.name, header, n=3, cutoff=0.5)
        hint = f", perhaps {', '.join(close)}" if close else ""
        remedy = f"set {self.param} to the table's own name" if self.param else "it is needed"
        return f"there is no column {self.name!r}; {remedy}{hint}"

    def repeated(self, count: int) -> str:
        """Says that the column occurs `count` times."""
        remedy = f"set {self.param}" if self.param else "it must occur once"
        return f"column {self.name!r} occurs {count} times; {remedy}"


def read_rows(path: Path, columns: Sequence[Column]) -> Iterator[Row]:
    """Yields the rows of a table that has `columns` once each, empty lines left out.

    Raises:
        SourceError: the table is unreadable or empty or lacks columns; all of them are named.
    """
    reader, cells = None, None
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # -sig: Excel writes a BOM
            # strict: else an open quote swallows all rows up to the next one, unsaid
            reader = csv.DictReader(file, skipinitialspace=True, strict=True)
            check_header(path, list(reader.fieldnames or []), columns)
            for cells in reader:
                surplus = cells.pop(None, None) or ()  # of empty ones Excel writes many
                yield Row(cells, surplus=any(cell.strip() for cell in surplus))
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 ({error.reason}); save it as UTF-8") from None
    except (csv.Error, OSError) as error:
        where = f" (near line {reader.reader.line_num}; is a quote left open?)" if reader else ""
        raise SourceError(f"{path} can't be read as CSV: {error}{where}") from None
    if cells is None:
        raise SourceError(f"{path} has a header but no rows; it needs one row an image")


def check_header(path: Path, header: list[str], columns: Sequence[Column]) -> None:
    """Passes if each of `columns` occurs once.

    Raises:
        SourceError: with all columns that don't, or with what the whole header says is wrong.
    """
    _check_form(path, header)
    faults = [
        column.repeated(header.count(column.name))
        if column.name in header
        else column.absent(header)
        for column in columns
        if header.count(column.name) != 1
    ]
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
