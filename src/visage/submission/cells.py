"""The cells of a CSV file as they stand in it, and what is odd about its bytes.

pandas would mend what a scorer need not (a byte order mark, 1.0 for 1, an id 007), so nothing is
converted here. Lines count as in an editor: the header is line 1. The competition's own sample ends
its lines with CRLF and visage's with LF, so either will do, but not both in one file.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from visage.submission.fault import Fault

LINE: Final = "line"  # the index of a table of cells
BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, eq=False)
class Cells:
    """What was read.

    Attributes:
        table: the header's columns as text, indexed by line; missing cells are null.
        faults: of bytes and shape; the table is empty where they left nothing to be read.
    """

    table: pd.DataFrame
    faults: tuple[Fault, ...] = ()


def read_cells(content: bytes) -> Cells:
    """Returns the cells of a CSV file, however faulty."""
    faults = tuple(_byte_faults(content))
    try:
        text = content.removeprefix(BOM).decode("utf-8")
        header, rows = _rows(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Cells(pd.DataFrame(), (*faults, Fault(f"is not UTF-8 (line {line}); save it so")))
    except csv.Error as error:
        return Cells(pd.DataFrame(), (*faults, Fault(f"can't be read as CSV: {error}")))
    return Cells(_table(header, rows), (*faults, *_width_faults(header, rows)))


def _byte_faults(content: bytes) -> Iterator[Fault]:
    if not content.strip():
        yield Fault("is empty")
    if content.startswith(BOM):
        yield Fault("begins with a byte order mark, which becomes part of the first column's name")
    if b"\0" in content:
        yield Fault("holds null characters, as UTF-16 does; save it as UTF-8")
    windows, lines, returns = (content.count(end) for end in (b"\r\n", b"\n", b"\r"))
    if returns > windows:
        yield Fault(f"ends {returns - windows} lines with a lone CR; save it with LF or CRLF")
    elif 0 < windows < lines:
        yield Fault(
            f"ends {windows} lines with CRLF and {lines - windows} with LF; take one of both"
        )


def _rows(text: str) -> tuple[list[str], dict[int, list[str]]]:
    """The header, and the rows by the line that each begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, [])
    found, line = {}, reader.line_num + 1
    try:
        for row in reader:
            found[line], line = row, reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(f"{error}, from line {line} on; is a quote left open?") from None
    return header, found


def _table(header: Sequence[str], rows: dict[int, list[str]]) -> pd.DataFrame:
    width = len(header)
    padded = [[*row, *[None] * (width - len(row))][:width] for row in rows.values()]
    lines = pd.Index(rows.keys(), dtype="int64", name=LINE)
    return pd.DataFrame(padded, columns=list(header), index=lines, dtype=object)


def _width_faults(header: Sequence[str], rows: dict[int, list[str]]) -> Iterator[Fault]:
    odd = {line: len(row) for line, row in rows.items() if len(row) != len(header)}
    if odd:
        places = [f"line {line}: {n or 'none, a blank line'}" for line, n in odd.items()]
        yield Fault(f"lines whose number of cells is not the header's {len(header)}", places)
