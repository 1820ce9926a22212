"""From a label's text to years and 0 = female, 1 = male, or the reason why that is not possible.

Ages may be fractional, or a range of years, both ends inclusive. A labelled row needs the labels
that its source gives, unless it may lack one. Infinities are no ages, so that `over_max: clip`
can't turn one into a plausible age.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from visage.codes import FEMALE, MALE, Reason, Task
from visage.data.fault import Fault
from visage.data.packed import ByValues
from visage.data.source import GenderCodes, Record

# What spreadsheets and pandas write for an empty cell.
EMPTY = frozenset({"", "na", "n/a", "nan", "null", "none"})

KNOWN: Final = 4096  # readings that are kept: a data set has a few hundred texts of labels

OverMax = Literal["reject", "clip"]
MissingLabel = Literal["reject", "keep"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What becomes of ages above `age_max` (years) and of rows that lack one of their labels."""

    age_max: int
    over_max: OverMax = "reject"
    missing_label: MissingLabel = "reject"


@dataclass(frozen=True, slots=True)
class Labels(ByValues):
    """Ages in years and gender, None where unknown; `clipped`: the age was above age_max.

    `age` is the middle of `age_low` and `age_high`; the three are equal where it is known exactly.
    """

    age: float | None = None
    age_low: float | None = None
    age_high: float | None = None
    gender: int | None = None
    clipped: bool = False


def read_labels(record: Record, *, codes: GenderCodes, rules: Rules) -> Labels | Fault:
    """Returns the labels of a labelled record, or the first fault found in them."""
    texts = (record.age or "", record.age_to, record.gender or "")
    return _read(record.tasks, *texts, codes=codes, rules=rules)


@lru_cache(maxsize=KNOWN)
def _read(
    tasks: frozenset[Task],
    age: str,
    age_to: str | None,
    gender: str,
    *,
    codes: GenderCodes,
    rules: Rules,
) -> Labels | Fault:
    texts = {Task.AGE: age, Task.GENDER: gender}
    given = [task for task in Task if task in tasks and not is_empty(texts[task])]
    lacking = [task for task in Task if task in tasks and is_empty(texts[task])]
    if lacking and (rules.missing_label == "reject" or not given):
        return Fault(Reason.LABEL_MISSING, f"{lacking[0]}: {texts[lacking[0]]!r}")
    labels: Labels | Fault = Labels()
    if Task.AGE in given:
        labels = _ages(age, age if age_to is None else age_to, rules=rules)
    if isinstance(labels, Fault) or Task.GENDER not in given:
        return labels
    code = _gender(gender, codes=codes)
    if code is None:
        return Fault(Reason.GENDER_UNKNOWN, gender)
    return replace(labels, gender=code)


def same_code(text: str, code: str) -> bool:
    """Whether a cell holds a code; "0" and "0.0" are the same, as pandas may write either."""
    if text.strip() == code.strip():
        return True
    number = _number(text)
    return number is not None and number == _number(code)


def is_empty(text: str) -> bool:
    """Whether a cell says nothing."""
    return text.strip().lower() in EMPTY


def _ages(first: str, last: str, *, rules: Rules) -> Labels | Fault:
    """Returns the labels of an age from `first` to `last`; a range is clipped where it ends."""
    low, high = _number(first), _number(last)
    shown = first if first == last else f"{first} to {last}"
    if low is None or high is None:
        return Fault(Reason.AGE_NOT_A_NUMBER, shown)
    clipped = high > rules.age_max and rules.over_max == "clip"
    if low < 0 or high < low or (high > rules.age_max and not clipped):
        return Fault(Reason.AGE_OUT_OF_RANGE, shown)
    low, high = min(low, float(rules.age_max)), min(high, float(rules.age_max))
    return Labels(age=(low + high) / 2, age_low=low, age_high=high, clipped=clipped)


def _gender(text: str, *, codes: GenderCodes) -> int | None:
    if same_code(text, codes.female):
        return FEMALE
    return MALE if same_code(text, codes.male) else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    # Python also reads "1_0" as 10, which no table means.
    return number if math.isfinite(number) and "_" not in text else None
