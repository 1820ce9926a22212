"""Whether age intervals hold what they promise: on the whole and for each decade of predicted age.

An interval that holds 90 % of all ages may hold all children's and half of the old people's, so the
share is given by predicted age too, which is what a user knows of a face.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage import schema
from visage.estimates import AgeBounds, Estimates, Floats, Labels
from visage.metrics.independent import n_effective, share_interval


def interval_levels(
    labels: Labels, estimates: Estimates, *, bin_years: int, min_slice: int
) -> list[dict[str, Any]]:
    """Returns for each level what it promises and holds, how wide it is, and by predicted age.

    `constant` is the interval of one width for all; `low` and `high` are the ends of the exact 95 %
    interval of a bin's coverage, where near-duplicates are no further evidence. Bins of fewer than
    `min_slice` images, near-duplicates counted once, are not shown; `left_out` says how many.
    """
    found = []
    for bounds in estimates.age_bounds:
        every = _by_age(labels, estimates, bounds, bin_years)
        shown = every[every["n_groups"] >= min_slice].drop(columns="n_groups")
        found.append(
            {
                **_on_the_whole(labels, bounds),
                "left_out": len(every) - len(shown),
                "by_predicted_age": shown.to_dict(orient="records"),
            }
        )
    return found


def coverage_table(levels: Sequence[Mapping[str, Any]], *, shown: float | None) -> pd.DataFrame:
    """Returns one level's coverage by predicted age, for the plot (AGE_COVERAGE).

    Args:
        levels: as `interval_levels` gives them.
        shown: the nominal coverage of the headline's level; None: there is none.
    """
    rows = [
        {**row, "promised": level["nominal"]}
        for level in levels
        if level["nominal"] == shown
        for row in level["by_predicted_age"]
    ]
    return pd.DataFrame(rows, columns=schema.AGE_COVERAGE.names)


def held_on_the_whole(labels: Labels, *, low: Floats, high: Floats) -> dict[str, float]:
    """Returns the share of known ages inside [low, high], and the mean width for their images."""
    width = (high - low)[labels.has_age]
    held = _held(labels, low, high)
    return {"coverage": float(held.mean()), "mean_width_years": float(width.mean())}


def _on_the_whole(labels: Labels, bounds: AgeBounds) -> dict[str, float]:
    constant = held_on_the_whole(labels, low=bounds.constant_low, high=bounds.constant_high)
    return {
        "nominal": bounds.coverage,
        **held_on_the_whole(labels, low=bounds.low, high=bounds.high),
        "constant_coverage": constant["coverage"],
        "constant_width_years": constant["mean_width_years"],
    }


def _held(labels: Labels, low: Floats, high: Floats) -> NDArray[np.bool_]:
    known = labels.has_age
    held: NDArray[np.bool_] = (low[known] <= labels.age[known]) & (labels.age[known] <= high[known])
    return held


def _by_age(
    labels: Labels, estimates: Estimates, bounds: AgeBounds, bin_years: int
) -> pd.DataFrame:
    assert estimates.age is not None, "an interval comes with its age"
    known = labels.has_age
    table = pd.DataFrame(
        {
            "age_from": (estimates.age[known] // bin_years).astype(np.int64) * bin_years,
            "group": labels.group[known],
            "held": _held(labels, bounds.low, bounds.high),
            "constant_coverage": _held(labels, bounds.constant_low, bounds.constant_high),
            "mean_width_years": (bounds.high - bounds.low)[known],
        }
    )
    grouped = table.groupby("age_from", sort=True)
    found = grouped.mean().rename(columns={"held": "coverage"})
    found = found.assign(n=grouped.size(), n_groups=grouped["group"].nunique())
    effective = grouped["group"].agg(n_effective).to_numpy(np.float64)
    low, high = share_interval(found["coverage"].to_numpy(np.float64), effective)
    columns = ["age_from", "age_to", "n", "coverage", "low", "high", "mean_width_years"]
    shown = found.assign(low=low, high=high).reset_index()
    shown["age_to"] = shown["age_from"] + bin_years
    return shown[[*columns, "constant_coverage", "n_groups"]]
