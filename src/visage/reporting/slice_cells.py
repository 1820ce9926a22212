"""A slice's figure with its interval as a table's cell, and how many slices are not shown.

The slices by age stand in the section on ages, all others in a section of their own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from visage.reporting.formats import count, interval, number
from visage.reporting.inputs import Inputs


def figure_cell(key: str, row: Mapping[str, Any]) -> str:
    """Returns the figure of a row of metrics/details.json, with its interval."""
    intervals, text = row.get("intervals", {}), _number(key, row.get(key))
    return f"{text} ({_bounds(key, intervals[key])})" if key in intervals else text


def left_out_note(inputs: Inputs, factor: str) -> str:
    """Says how many slices of a factor are too small to be shown, or nothing."""
    few = (inputs.details.get("left_out") or {}).get(factor)
    return too_few(few, least=inputs.details.get("min_slice"))


def too_few(groups: int | None, *, least: int | None) -> str:
    """Says how many groups are too small to be shown, or nothing where there are none."""
    if not groups:
        return ""
    name = "group" if groups == 1 else "groups"
    return f"Left out: {count(groups)} {name} of fewer than {count(least)} faces."


def _number(key: str, value: float | None) -> str:
    if key == "gender_accuracy":
        return number(None if value is None else 100 * value, decimals=1)
    return number(value, decimals=2, signed=key == "mean_error")


def _bounds(key: str, bounds: Sequence[float] | None) -> str:
    if bounds is not None and key == "gender_accuracy":
        return interval([100 * end for end in bounds], decimals=1)
    return interval(bounds, decimals=2)
