"""Figures by gender and age together, where averages hide who is served worse."""

from collections.abc import Mapping
from typing import Any

from visage.reporting.blocks import Section, Table
from visage.reporting.formats import age_range, count, gender_name, number
from visage.reporting.inputs import Inputs
from visage.schema import Task

_COLUMNS = {
    "mae": (Task.AGE, "MAE (years)"),
    "mean_error": (Task.AGE, "Mean error (years)"),
    "gender_accuracy": (Task.GENDER, "Gender accuracy (%)"),
}


def slices(inputs: Inputs) -> Section | None:
    """Returns the section with one row a slice, or None where no slice is large enough."""
    found = inputs.details.get("slices") or []
    if not found:
        return None
    columns = {key: name for key, (task, name) in _COLUMNS.items() if task in inputs.tasks}
    table = Table(
        title=f"{inputs.part.capitalize()} faces by gender and age",
        columns=("Gender and age", "Faces", *columns.values()),
        rows=tuple(_row(row, list(columns)) for row in found),
        wide=True,
        note="Slices with fewer faces than evaluate.min_slice are left out.",
    )
    return Section(key="slices", title="Gender and age", blocks=(table,))


def _row(row: Mapping[str, Any], keys: list[str]) -> tuple[str, ...]:
    name = f"{gender_name(row['gender'])}, {age_range(row['age_from'], row['age_to'])}"
    return (name, count(row["n"]), *(_text(key, row.get(key)) for key in keys))


def _text(key: str, value: float | None) -> str:
    if key == "gender_accuracy":
        return number(None if value is None else 100 * value, decimals=1)
    return number(value, decimals=2, signed=key == "mean_error")
