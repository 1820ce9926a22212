"""From a label's text to years and 0 = female, 1 = male, or the reason why that is not possible.

Ages may be fractional. A labelled row needs both labels. Infinities are no ages, so that
`over_max: clip` can't turn one into a plausible age.
"""

import math
from dataclasses import dataclass
from typing import Literal

from visage.data.rejections import Fault
from visage.data.source import GenderCodes, Record
from visage.schema import FEMALE, MALE, Reason

# What spreadsheets and pandas write for an empty cell.
EMPTY = frozenset({"", "na", "n/a", "nan", "null", "none"})

OverMax = Literal["reject", "clip"]


@dataclass(frozen=True, slots=True)
class Labels:
    """Age in years and gender, both None for an unlabelled row; `clipped`: was above age_max."""

    age: float | None = None
    gender: int | None = None
    clipped: bool = False


def read_labels(
    record: Record, *, codes: GenderCodes, age_max: int, over_max: OverMax
) -> Labels | Fault:
    """Returns the labels of a labelled record, or the first fault found in them."""
    age_text, gender_text = record.age or "", record.gender or ""
    for name, text in (("age", age_text), ("gender", gender_text)):
        if text.strip().lower() in EMPTY:
            return Fault(Reason.LABEL_MISSING, f"{name}: {text!r}")
    age = _number(age_text)
    if age is None:
        return Fault(Reason.AGE_NOT_A_NUMBER, age_text)
    clipped = age > age_max and over_max == "clip"
    if age < 0 or (age > age_max and not clipped):
        return Fault(Reason.AGE_OUT_OF_RANGE, age_text)
    gender = _gender(gender_text, codes=codes)
    if gender is None:
        return Fault(Reason.GENDER_UNKNOWN, gender_text)
    return Labels(age=min(age, float(age_max)), gender=gender, clipped=clipped)


def same_code(text: str, code: str) -> bool:
    """Whether a cell holds a code; "0" and "0.0" are the same, as pandas may write either."""
    if text.strip() == code.strip():
        return True
    number = _number(text)
    return number is not None and number == _number(code)


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
