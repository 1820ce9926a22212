"""All that `evaluate` writes, whether there is anything to measure or not.

A refit on all labelled data has none (`split.fractions.test: 0`). Its files are there all the same,
hold no figure, and say so: `unmeasured` in metrics/details.json is the sentence that readers show.
"""

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from visage import schema
from visage.estimates import Estimates, Labels
from visage.metrics.coverage import coverage_table
from visage.metrics.details import details
from visage.metrics.evaluation import flat
from visage.metrics.tables import age_scatter, bins_table, gender_pairs

NOTHING: Final = "no {part} part (split.fractions.{part} is 0): nothing was measured"


@dataclass(frozen=True, eq=False)
class Results:
    """`figures` of metrics/evaluate.json, `details` of metrics/details.json, and the tables."""

    figures: dict[str, Any]
    details: dict[str, Any]
    age_bins: pd.DataFrame
    age_scatter: pd.DataFrame
    age_coverage: pd.DataFrame
    gender_confusion: pd.DataFrame


def results(labels: Labels, estimates: Estimates, *, age_bin_years: int, **others: Any) -> Results:
    """Returns what is measured on a part; `others` as in `details`."""
    found = details(labels, estimates, age_bin_years=age_bin_years, **others)
    return Results(
        figures=flat(labels, estimates),
        details=found,
        age_bins=bins_table(found["age_bins"]),
        age_scatter=age_scatter(labels, estimates),
        age_coverage=coverage_table(found.get("interval_levels", []), shown=estimates.age_coverage),
        gender_confusion=gender_pairs(labels, estimates),
    )


def unmeasured(part: str) -> Results:
    """Returns what is written where the part to be measured is empty."""
    none = {"part": part, "n": 0, "n_groups": 0, "unmeasured": NOTHING.format(part=part)}
    return Results(
        figures={"n": 0},
        details=none,
        age_bins=pd.DataFrame(columns=schema.AGE_BINS.names),
        age_scatter=pd.DataFrame(columns=schema.AGE_SCATTER.names),
        age_coverage=pd.DataFrame(columns=schema.AGE_COVERAGE.names),
        gender_confusion=pd.DataFrame(columns=schema.GENDER_CONFUSION.names),
    )
