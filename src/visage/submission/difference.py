"""How two submissions differ: not at all, within the tolerance, or beyond it.

The tolerance is for the same weights on another kind of machine, where sums of 32-bit floats are
taken in another order: docs/decisions/0016-submission.md has the figures that it rests on.
"""

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd

from visage.errors import VisageError

TOLERANCE_YEARS: Final = 0.01  # docs/decisions/0016-submission.md
TOLERATED_FLIPS: Final = 0  # rows of another gender
SHOWN: Final = 5
_ROUNDING: Final = 1e-9  # years; 30.01 - 30.00 is more than 0.01 in binary


class DifferenceError(VisageError):
    """The two can't be compared row by row."""


class Verdict(StrEnum):
    """What a comparison ends with."""

    EQUAL = "equal bytes"
    WITHIN = "within the tolerance"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Difference:
    """Rows of two submissions of the same ids.

    Attributes:
        verdict: over all rows.
        rows: how many there are.
        changed: the rows whose values differ, told, those of another gender first, then by age.
        years: the largest difference of age.
        flips: rows of another gender.
    """

    verdict: Verdict
    rows: int
    changed: tuple[str, ...] = ()
    years: float = 0.0
    flips: int = 0

    def __str__(self) -> str:
        """Returns the verdict with what it rests on."""
        if self.verdict is Verdict.EQUAL:
            return f"EQUAL BYTES: {self.rows} rows"
        if not self.changed:
            return (
                f"the bytes differ, but no value of the {self.rows} rows does (line ends, a byte "
                "order mark, or 30 for 30.0000)"
            )
        more = len(self.changed) - SHOWN
        shown = "; ".join(self.changed[:SHOWN]) + (f"; and {more} more" if more > 0 else "")
        return (
            f"{len(self.changed)} of {self.rows} rows differ: ages by up to "
            f"{self.years:.4f} years, {self.flips} of another gender\n  {shown}"
        )


def compare(
    given: bytes, again: bytes, *, years: float = TOLERANCE_YEARS, flips: int = TOLERATED_FLIPS
) -> Difference:
    """Returns how `given` differs from what was made again.

    years, flips: what is tolerated, inclusive: of each age; rows of another gender in all.

    Raises:
        DifferenceError: the columns or ids are others.
    """
    ours = _table(again)
    if given == again:
        return Difference(Verdict.EQUAL, len(ours))
    theirs = _table(given)
    if list(theirs.columns) != list(ours.columns) or not theirs.index.equals(ours.index):
        raise DifferenceError(
            f"it has other columns or ids ({_shape(theirs)}) than what was made ({_shape(ours)}); "
            "`visage submission check` names them"
        )
    return _by_row(theirs, ours, years=years, flips=flips)


def _by_row(theirs: pd.DataFrame, ours: pd.DataFrame, *, years: float, flips: int) -> Difference:
    # What is no number any more is as far away as can be.
    apart = (theirs - ours).abs().fillna(np.inf).reindex(columns=["age", "gender"], fill_value=0.0)
    order = apart[apart.any(axis=1)].sort_values(["gender", "age"], ascending=False).index
    largest, flipped = float(apart["age"].max()), int((apart["gender"] > 0).sum())
    return Difference(
        Verdict.WITHIN if largest <= years + _ROUNDING and flipped <= flips else Verdict.DIFFERENT,
        rows=len(ours),
        changed=tuple(f"id {id_}: {_row(theirs, id_)} -> {_row(ours, id_)}" for id_ in order),
        years=largest,
        flips=flipped,
    )


def _table(content: bytes) -> pd.DataFrame:
    try:
        text = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
        table: pd.DataFrame = text.set_index("id").apply(pd.to_numeric, errors="coerce")
    except (ValueError, KeyError) as error:  # pandas' own errors are ValueErrors
        raise DifferenceError(
            f"it can't be read as a table: {error}; `visage submission check` says why"
        ) from None
    return table


def _row(table: pd.DataFrame, id_: str) -> str:
    row = table.loc[id_]
    return ", ".join(f"{name} {value:g}" for name, value in row.items())


def _shape(table: pd.DataFrame) -> str:
    return f"{len(table)} rows of id,{','.join(table.columns)}"
