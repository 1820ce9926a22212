"""Figures by what faces have in common, where averages hide who is served worse.

The largest gaps come first, then a table a factor.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from visage.codes import Task
from visage.reporting.blocks import Section, Table
from visage.reporting.formats import count, interval, level, number
from visage.reporting.inputs import Inputs
from visage.reporting.slice_cells import figure_cell, left_out_note
from visage.reporting.slice_names import FACTORS, slice_name

_COLUMNS: Final = {
    "mae": (Task.AGE, "MAE (years)"),
    "mean_error": (Task.AGE, "Mean error (years)"),
    "gender_accuracy": (Task.GENDER, "Gender accuracy (%)"),
}
_GAPS: Final = {
    "mae_difference": "MAE (years)",
    "gender_accuracy_difference": "Gender accuracy (points)",
    "equalized_odds_difference": "Equalized odds (points)",
}
_GAP_COLUMNS: Final = ("Groups by", "Figure", "Gap", "Larger in", "than in")
_RECALLS: Final = {"female_recall": "women", "male_recall": "men"}
_TERCILES: Final = ("sharpness", "side", "brightness")
_LEAD: Final = (
    "In brackets the {level} interval. Groups of fewer than {least} faces, near-duplicates counted "
    "once, are left out (evaluate.min_slice). Groups differ in more than what they are named "
    "after, in age above all: a gap says where the model is worse, not why."
)


def slices(inputs: Inputs) -> Section | None:
    """Returns the section, or None where no slice is large enough."""
    tables = [*_gaps(inputs), *_factors(inputs)]
    if not tables:
        return None
    lead = _LEAD.format(level=_level(inputs), least=count(inputs.details.get("min_slice")))
    return Section(key="slices", title="Groups of faces", blocks=tuple(tables), lead=lead)


def _level(inputs: Inputs) -> str:
    return level(inputs.details.get("level"))


def _factors(inputs: Inputs) -> Iterator[Table]:
    by_both = inputs.details.get("slices") or []
    if by_both:
        yield _table(inputs, "gender_age", by_both)
    for factor in inputs.details.get("factors") or []:
        yield _table(inputs, factor["factor"], factor["slices"])


def _table(inputs: Inputs, factor: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    keys = [key for key, (task, _) in _COLUMNS.items() if task in inputs.tasks]
    name = FACTORS[factor]
    return Table(
        title=f"{inputs.part.capitalize()} faces by {_heading(name)}",
        columns=(name, "Faces", *(_COLUMNS[key][1] for key in keys)),
        rows=tuple(
            (slice_name(row), count(row["n"]), *(figure_cell(key, row) for key in keys))
            for row in rows
        ),
        wide=True,
        ordered=True,
        note=" ".join(
            part for part in (_cut(inputs, factor), left_out_note(inputs, factor)) if part
        ),
    )


def _cut(inputs: Inputs, factor: str) -> str:
    return f"Cut at the terciles of the {inputs.part} faces." if factor in _TERCILES else ""


def _heading(name: str) -> str:
    """Returns a factor's name without what explains it."""
    return name.partition(" (")[0].lower()


def _gaps(inputs: Inputs) -> Iterator[Table]:
    found = inputs.details.get("gaps") or []
    if found:
        yield Table(
            title="Largest gaps between groups",
            columns=(
                "Groups by",
                "Figure",
                "Gap",
                f"{_level(inputs)} interval",
                "Larger in",
                "than in",
            ),
            rows=tuple(_gap_row(gap) for gap in found),
            wide=True,
            fixed=True,
            note="Each interval holds for all pairs of the groups in its row at once, as the two "
            "that are farthest apart were chosen among them; one that holds 0 may be chance. "
            "Equalized odds: the larger one of the gaps in women's and men's recall.",
        )


def _gap_row(gap: Mapping[str, Any]) -> tuple[str, ...]:
    factor = 1 if gap["name"] == "mae_difference" else 100
    decimals = 2 if factor == 1 else 1
    of = _RECALLS.get(gap["figure"])
    return (
        _heading(FACTORS[gap["factor"]]).capitalize(),
        _GAPS[gap["name"]] + (f", {of}" if of else ""),
        number(factor * gap["value"], decimals=decimals),
        interval((factor * gap["low"], factor * gap["high"]), decimals=decimals),
        slice_name(gap["larger"]),
        slice_name(gap["smaller"]),
    )
