"""Rows that are set aside: why, what was found, and when there are too many of them.

A data set with a few bad rows is normal; one with many is a wrong root, column or code, and
training on the rest would hide it. So above a share the stage stops and shows what it found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from visage.codes import Reason
from visage.data.fault import Fault
from visage.data.index import labelled_rows
from visage.data.source import Record
from visage.errors import VisageError
from visage.files import paths
from visage.files.frames import frame
from visage.schema import REJECTED

MAX_CHARS = 200  # of a hostile cell, in table and message
CONTROL = dict.fromkeys(range(32), "\N{REPLACEMENT CHARACTER}")  # a bare CR breaks a CSV's line
SHOWN_ROWS = 5

REMEDIES = {
    Reason.IMAGE_MISSING: "paths are relative to data.root",
    Reason.IMAGE_OUTSIDE: "no path may lead out of data.root; copy or link the files below it",
    Reason.IMAGE_UNREADABLE: "are the files whole, and may they be read?",
    Reason.FACE_NOT_FOUND: "see data.align",
    Reason.LABEL_MISSING: "a row needs the labels that its source gives; see data.missing_label",
    Reason.AGE_NOT_A_NUMBER: "of a table: see data.kaggle.columns.age",
    Reason.AGE_OUT_OF_RANGE: "see age_max and data.over_max",
    Reason.GENDER_UNKNOWN: "of a table: see data.kaggle.female and data.kaggle.male",
    Reason.DUPLICATE_ID: "an id stands for one image, over both tables",
    Reason.MALFORMED_NAME: "see the source's form of names; a cell with a comma needs quotes",
    Reason.CONTRADICTING: "see ingest.contradicting and ingest.contradicting_years",
    Reason.LEFT_OUT: "asked for",
}


class TooManyRejectedError(VisageError):
    """More rows were set aside than `ingest.max_rejected` allows, or all labelled ones."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that is set aside."""

    record: Record
    fault: Fault


def printable(text: str) -> str:
    """Returns `text` with its control characters replaced."""
    return text.translate(CONTROL)


def rejected_table(*rejections: Iterable[Rejection], source: str) -> pd.DataFrame:
    """Returns the rejections with the columns of `schema.REJECTED`, in the source's order."""
    rows = (
        (
            printable(rejection.record.id),
            rejection.record.row,
            rejection.record.source or source,
            printable(rejection.record.path),
            rejection.fault.reason.value,
            printable(rejection.fault.value)[:MAX_CHARS],
            rejection.record.official_part,
        )
        for rejection in chain(*rejections)
    )
    return frame(rows, REJECTED).sort_values("row", kind="stable", ignore_index=True)


def count_reasons(rejected: pd.DataFrame) -> dict[str, int]:
    """Returns the number of rows a reason, in the order of `codes.Reason`, zeros left out."""
    counts = rejected["reason"].value_counts()
    return {reason: int(counts[reason]) for reason in Reason if reason in counts.index}


def check_rejected(rejected: pd.DataFrame, index: pd.DataFrame, *, max_rejected: float) -> None:
    """Passes if a large enough share of the rows, and at least one labelled row, was accepted.

    Rows that a parameter leaves out are no part of that share.

    Raises:
        TooManyRejectedError: with the number of rows a reason, an example of each, and the
            first rows.
    """
    if labelled_rows(index).empty:
        problem = f"no labelled image is left: {_found(rejected, index)}"
        raise TooManyRejectedError(_message(problem, rejected, remedy=_without_labelled(rejected)))
    faulty = rejected[rejected["reason"].ne(Reason.LEFT_OUT)]
    share = len(faulty) / max(1, len(faulty) + len(index))
    if share > max_rejected:
        limit = f"more than ingest.max_rejected ({max_rejected:.1%})"
        problem = f"{_found(faulty, index)} ({share:.1%}), {limit}"
        remedy = "Mend the data set, or raise ingest.max_rejected"
        raise TooManyRejectedError(_message(problem, faulty, remedy=remedy))


def _found(rejected: pd.DataFrame, index: pd.DataFrame) -> str:
    return f"{len(rejected)} of {len(rejected) + len(index)} rows were set aside"


def _without_labelled(rejected: pd.DataFrame) -> str:
    """Returns the remedy; a parameter that leaves rows out comes first, by its name."""
    values = rejected.loc[rejected["reason"].eq(Reason.LEFT_OUT), "value"]
    names = " and ".join(sorted({str(value).partition(":")[0] for value in values}))
    first = f"Loosen {names}, mend" if names else "Mend"
    return (
        f"{first} the data set, or set data.root to another one; images without labels go beside "
        "labelled ones (data.source: joined)"
    )


def _message(problem: str, rejected: pd.DataFrame, *, remedy: str) -> str:
    first = ["the first of them:", *_first_lines(rejected)] if len(rejected) else []
    listed = "\n  ".join([problem, *_reason_lines(rejected), *first])
    return f"{listed}\n{remedy}; {paths.REJECTED} lists them all."


def _reason_lines(rejected: pd.DataFrame) -> list[str]:
    examples = rejected.drop_duplicates("reason").set_index("reason")["value"]
    return [
        f"{count} x {reason}, e.g. {examples[reason]!r} ({REMEDIES[Reason(reason)]})"
        for reason, count in count_reasons(rejected).items()
    ]


def _first_lines(rejected: pd.DataFrame) -> list[str]:
    return [
        f"row {row.row}: id {row.id!r}, {row.source_path!r}: {row.reason}, {row.value!r}"
        for row in rejected.head(SHOWN_ROWS).itertuples()
    ]
