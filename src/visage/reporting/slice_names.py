"""What slices and their factors are called on pages.

A slice comes as it stands in metrics/details.json: `gender`, `age_from` and `age_to`, `value`, or
`low` and `high`, whose null is an open end.
"""

from collections.abc import Mapping
from typing import Any, Final

from visage.reporting.formats import age_range, gender_name, number

FACTORS: Final = {
    "age": "Age",
    "gender_age": "Gender and age",
    "gender": "Gender",
    "source": "Data set",
    "race": "Race (the source's word)",
    "sharpness": "Sharpness (low: blurred)",
    "side": "Size (shorter side, pixels)",
    "brightness": "Brightness (0 to 255)",
}


def slice_name(slice_: Mapping[str, Any]) -> str:
    """Returns what tells a slice from the others of its factor."""
    if "low" in slice_:
        return _number_range(slice_["low"], slice_["high"])
    if "value" in slice_:
        return str(slice_["value"])
    ages = age_range(slice_["age_from"], slice_["age_to"]) if "age_from" in slice_ else ""
    gender = gender_name(slice_["gender"]) if slice_.get("gender") is not None else ""
    return ", ".join(part for part in (gender, ages) if part)


def _number_range(low: float | None, high: float | None) -> str:
    """Returns [low, high) in words."""
    if low is None:
        return f"below {_short(high)}"
    return f"{_short(low)} or more" if high is None else f"{_short(low)} to below {_short(high)}"


def _short(value: float | None) -> str:
    whole = value is not None and float(value).is_integer()
    return number(value, decimals=0 if whole else 1)
