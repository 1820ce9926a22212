"""Whether the age intervals hold what they promise, on the whole and by predicted age."""

from typing import Any

from visage.reporting.blocks import Figure, Table
from visage.reporting.figures import coverage_by_age
from visage.reporting.formats import age_range, count, interval, level, percent, years
from visage.reporting.inputs import Inputs
from visage.reporting.slice_cells import too_few


def intervals(inputs: Inputs) -> tuple[Table | Figure, ...]:
    """Returns the tables of levels and of predicted ages, and the drawing of the latter."""
    levels = inputs.details.get("interval_levels") or []
    nominal = (inputs.details.get("interval") or {}).get("nominal")
    shown = next((one for one in levels if one["nominal"] == nominal), None)
    if shown is None:
        return ()
    rows = shown["by_predicted_age"]
    return (_levels(levels), *((_figure(shown), _by_age(inputs, shown)) if rows else ()))


def _levels(levels: list[dict[str, Any]]) -> Table:
    return Table(
        title="Intervals",
        columns=("Promised", "Held", "Mean width", "One width for all: held", "its width"),
        rows=tuple(
            (
                level(one["nominal"]),
                percent(one["coverage"]),
                years(one["mean_width_years"], decimals=1),
                percent(one["constant_coverage"]),
                years(one["constant_width_years"], decimals=1),
            )
            for one in levels
        ),
        note="Share of the true ages inside the interval. It is made of the model's own quantiles "
        "and a margin for each group of predicted ages, fitted on the calibration part.",
        wide=True,
    )


def _figure(shown: dict[str, Any]) -> Figure:
    promised = level(shown["nominal"])
    return Figure(
        svg=coverage_by_age(shown["by_predicted_age"], promised=shown["nominal"]),
        title="Ages inside their interval, by predicted age",
        caption=f"Share of the true ages inside the {promised} interval, with its own 95 % "
        "interval; dashed: an interval of one width for all. Where it lies under the line, such "
        "faces are told with too much certainty.",
        alt="Share of ages inside the interval by predicted age. The table has the values.",
    )


def _by_age(inputs: Inputs, shown: dict[str, Any]) -> Table:
    return Table(
        title=f"The {level(shown['nominal'])} interval by predicted age",
        ordered=True,
        columns=("Predicted age", "Faces", "Held (its 95 % interval)", "Mean width"),
        rows=tuple(
            (
                age_range(row["age_from"], row["age_to"]),
                count(row["n"]),
                f"{percent(row['coverage'])} "
                f"({interval((100 * row['low'], 100 * row['high']), decimals=0)})",
                years(row["mean_width_years"], decimals=1),
            )
            for row in shown["by_predicted_age"]
        ),
        note=too_few(shown.get("left_out"), least=inputs.details.get("min_slice")),
    )
