"""What the competition asks of a submission: columns, ids and their order, ages, genders.

Each rule takes a table of text cells and returns its faults, so all of them are reported at once.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from visage.submission.cells import read_cells
from visage.submission.fault import Fault

COLUMNS: Final = ("id", "age", "gender")
AGE_LIMITS: Final = (0.0, 100.0)  # years, both allowed; the competition's, whatever age_max is
GENDERS: Final = ("0", "1")  # female, male
# Not what float() takes: that allows 1_0, " 30" and digits of other scripts.
_NUMBER: Final = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """What is to be handed in: the columns, and the ids in their order, each once."""

    columns: Sequence[str]
    ids: Sequence[str]


@dataclass(frozen=True, eq=False)
class Checked:
    """The cells of a file as text, and all that is wrong with it."""

    table: pd.DataFrame
    faults: tuple[Fault, ...]


def check_submission(content: bytes, asked: Asked) -> Checked:
    """Returns every fault of a file's bytes against what is asked for."""
    cells = read_cells(content)
    if cells.table.columns.empty:
        return Checked(cells.table, cells.faults)
    faults = [*cells.faults, *_column_faults(list(cells.table.columns), asked.columns)]
    once = cells.table.loc[:, ~cells.table.columns.duplicated()]
    for name, rule in (("id", None), ("age", _age_faults), ("gender", _gender_faults)):
        if name in once.columns and name in asked.columns:
            cell = once[name].dropna()  # a line that is too short is a fault already
            faults += rule(cell) if rule else _id_faults(cell, asked.ids)
    return Checked(once, tuple(faults))


def summary(table: pd.DataFrame) -> str:
    """Returns the number of rows and the distribution of a table without faults, as a line."""
    told = [f"{len(table)} rows"]
    if "age" in table.columns:
        ages = table["age"].astype("float64")
        told.append(
            f"ages {ages.min():.1f} to {ages.max():.1f}, mean {ages.mean():.2f}, "
            f"standard deviation {ages.std(ddof=0):.2f} years"
        )
    if "gender" in table.columns:
        told.append(f"{table['gender'].eq(GENDERS[1]).mean():.1%} men")
    return "; ".join(told)


def _column_faults(found: Sequence[str], wanted: Sequence[str]) -> Iterator[Fault]:
    if list(found) == list(wanted):
        return
    what = "are in another order" if sorted(found) == sorted(wanted) else "differ"
    hint = ""
    if len(found) == 1:
        hint = "; save it with commas between the cells"
    elif found[0] in ("", "Unnamed: 0"):
        hint = "; the first is a table's index: write it with index=False"
    yield Fault(f"columns {what}: {','.join(found)!r}, must be {','.join(wanted)!r}{hint}")


def _id_faults(ids: "pd.Series[str]", asked: Sequence[str]) -> list[Fault]:
    there, wanted = set(ids), set(asked)
    found = [
        Fault("ids that occur again", _places(ids[ids.duplicated()])),
        Fault("ids that were not asked for", _places(ids[~ids.isin(wanted)])),
        Fault("ids without a row", [repr(id_) for id_ in asked if id_ not in there]),
    ]
    faults = [fault for fault in found if fault.places]
    return faults or list(_order_faults(ids, asked))


def _order_faults(ids: "pd.Series[str]", asked: Sequence[str]) -> Iterator[Fault]:
    other = ids[ids.to_numpy() != pd.Series(asked, dtype=object).to_numpy()]
    if not other.empty:
        yield Fault("ids in another order than asked for", _places(other))


def _age_faults(ages: "pd.Series[str]") -> list[Fault]:
    numbers = ages[ages.map(lambda cell: bool(_NUMBER.fullmatch(cell)))]
    low, high = AGE_LIMITS
    found = [
        Fault("ages that are no finite number", _places(ages.drop(numbers.index))),
        Fault(
            f"ages outside of {low:g} to {high:g} years",
            _places(numbers[~numbers.astype("float64").between(low, high)]),
        ),
    ]
    return [fault for fault in found if fault.places]


def _gender_faults(genders: "pd.Series[str]") -> list[Fault]:
    odd = genders[~genders.isin(GENDERS)]
    return [] if odd.empty else [Fault("genders other than 0 and 1", _places(odd))]


def _places(cells: "pd.Series[str]") -> list[str]:
    return [f"line {line}: {cell!r}" for line, cell in cells.items()]
