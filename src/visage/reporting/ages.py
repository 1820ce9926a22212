"""How well ages are estimated: scatter, error and bias by age, intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from visage.codes import Task
from visage.reporting.blocks import Fact, Facts, Figure, Section, Table
from visage.reporting.figures import age_bars, age_scatter
from visage.reporting.formats import age_range, count, interval, level, percent, years
from visage.reporting.inputs import Inputs
from visage.reporting.intervals import intervals
from visage.reporting.slice_cells import figure_cell, left_out_note
from visage.reporting.svg import Ink


@dataclass(frozen=True)
class _Bars:
    key: str  # of an age bin in metrics/details.json
    title: str
    ylabel: str
    caption: str
    said: str  # under the pointer, before the value
    ink: Ink


_ERROR = _Bars(
    "mae",
    "Error by age",
    "Mean absolute error (years)",
    "Mean absolute error (MAE) of the faces in each age bin.",
    "MAE",
    Ink.FIRST,
)
_BIAS = _Bars(
    "mean_error",
    "Bias by age",
    "Mean error (years)",
    "Estimate minus true age. Above zero the young look too old, below zero the old look too "
    "young: a model that is unsure is pulled to the middle.",
    "mean error",
    Ink.SECOND,
)


def ages(inputs: Inputs) -> Section | None:
    """Returns the section on ages, or None where they are not estimated."""
    if Task.AGE not in inputs.tasks:
        return None
    bins = _bins(inputs)
    by_bin = (_table(inputs, bins), _bars(bins, _ERROR), _bars(bins, _BIAS)) if bins else ()
    return Section(
        key="age",
        title="Age",
        blocks=(
            Facts("Over all ages", tuple(_facts(inputs))),
            *_scatter(inputs),
            *by_bin,
            *intervals(inputs),
        ),
    )


def _facts(inputs: Inputs) -> list[Fact]:
    details = inputs.details
    found = {
        "Mean error (bias)": years(details.get("mean_error"), signed=True),
        "MAE, mean over age bins": years(details.get("balanced_mae")),
        "MAE of the posterior's median": years(details.get("mae_median")),
    }
    cover = details.get("interval") or {}
    if cover:
        nominal = level(cover.get("nominal"))
        found |= {
            f"Ages inside the {nominal} interval": percent(cover.get("coverage")),
            "Mean width of that interval": years(cover.get("mean_width_years"), decimals=1),
        }
    return [Fact(name, text) for name, text in found.items()]


def _scatter(inputs: Inputs) -> tuple[Figure, ...]:
    known = inputs.labels.has_age
    if inputs.estimates.age is None or not known.any():
        return ()
    figure = Figure(
        svg=age_scatter(inputs.labels.age[known], inputs.estimates.age[known]),
        title="Estimated against true age",
        caption=f"{inputs.part.capitalize()} faces; the stronger the colour, the more of them. On "
        "the line an estimate is exact; above it, a face looks older to the model than it is.",
        alt=f"Density of {inputs.part} faces by true and estimated age, with the line of exact "
        "estimates.",
    )
    return (figure,)


def _bins(inputs: Inputs) -> list[Mapping[str, Any]]:
    """Returns the age bins that are large enough to have an error."""
    return [row for row in inputs.details.get("age_bins") or [] if "mae" in row]


def _bars(bins: Sequence[Mapping[str, Any]], bars: _Bars) -> Figure:
    return Figure(
        svg=age_bars(
            [age_range(row["age_from"], row["age_to"]) for row in bins],
            [row[bars.key] for row in bins],
            ends=[row["intervals"][bars.key] for row in bins],
            said=[_said(row, bars) for row in bins],
            ylabel=bars.ylabel,
            name=bars.key,
            ink=bars.ink,
        ),
        title=bars.title,
        caption=f"{bars.caption} The thin lines are intervals.",
        alt=f"Bars by age bin with intervals: {bars.ylabel}. The table has the values.",
    )


def _said(row: Mapping[str, Any], bars: _Bars) -> str:
    value = years(row[bars.key], signed=bars is _BIAS)
    ages, ends = age_range(row["age_from"], row["age_to"]), row["intervals"][bars.key]
    return (
        f"{ages} years, {count(row['n'])} faces\n{bars.said} {value} ({interval(ends, decimals=2)})"
    )


def _table(inputs: Inputs, bins: Sequence[Mapping[str, Any]]) -> Table:
    return Table(
        title="Error and bias by age",
        ordered=True,
        columns=("True age (years)", "Faces", "MAE (years)", "Mean error (years)"),
        rows=tuple(
            (
                age_range(row["age_from"], row["age_to"]),
                count(row["n"]),
                figure_cell("mae", row),
                figure_cell("mean_error", row),
            )
            for row in bins
        ),
        note=f"In brackets the {level(inputs.details.get('level'))} interval. "
        + left_out_note(inputs, "age"),
    )
