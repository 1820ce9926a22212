"""What the views of test-time augmentation are worth: the headline figures with and without them.

Both are measured on the same images with the same decision, so the interval is of the difference
itself; two intervals that overlap would say less.
"""

from collections.abc import Mapping
from typing import Any

from visage.reporting.blocks import Table
from visage.reporting.formats import count, interval, level, number

NAMES = {
    "harmonic": "Harmonic score",
    "mae": "Age MAE (years)",
    "rmse": "Age RMSE (years)",
    "gender_f1": "Gender F1 (macro)",
}
_DECIMALS = {"mae": 3, "rmse": 3}
_SHARES = 4  # decimals of what lies between 0 and 1


def tta_table(details: Mapping[str, Any], scores: Mapping[str, Any]) -> tuple[Table, ...]:
    """Returns the table, or nothing where there is one view only.

    Args:
        details: of metrics/details.json.
        scores: of metrics/evaluate.json.
    """
    found = details.get("tta_difference", {})
    if not found:
        return ()
    names = details.get("views", ())
    views = ", ".join(names)
    return (
        Table(
            title="Test-time augmentation",
            columns=(
                "Figure",
                "With",
                "Without",
                "Difference",
                f"{level(details.get('level'))} interval",
            ),
            rows=tuple(
                _row(key, found[key], details.get("without_tta", {}), scores)
                for key in NAMES
                if key in found
            ),
            note=f"With: the average over the views {views}, {count(len(names))} forward passes an "
            "image. Without: the first view alone, one pass, with the same threshold. Paired "
            "bootstrap over groups of near-duplicates.",
            wide=True,
            fixed=True,
        ),
    )


def _row(
    key: str, found: Mapping[str, float], without: Mapping[str, Any], scores: Mapping[str, Any]
) -> tuple[str, ...]:
    decimals = _DECIMALS.get(key, _SHARES)
    return (
        NAMES[key],
        number(scores.get(key), decimals=decimals),
        number(without.get(key), decimals=decimals),
        number(found["difference"], decimals=decimals, signed=True),
        interval((found["low"], found["high"]), decimals=decimals),
    )
