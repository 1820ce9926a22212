"""Slices and gaps as they stand in metrics/details.json.

`age_bins` are the slices by age, `slices` those by gender and age bin, `factors` those by one other
thing each, and `gaps` the largest gaps of each factor. There is none of fewer than `min_slice`
images, near-duplicates counted once, and no figure of fewer images with its label; `left_out` says
how many slices of each factor are not shown.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from visage.metrics.gaps import Gap, largest_gaps
from visage.metrics.slice_figures import GENDER_ACCURACY, MAE, MEAN_ERROR, Measured
from visage.metrics.slices import Factor, Slice

SHOWN: Final = (MAE, MEAN_ERROR, GENDER_ACCURACY)
_Rows = list[dict[str, Any]]


def slice_details(
    slices: Sequence[Slice],
    measured: Mapping[str, Measured],
    *,
    found: Mapping[Factor, int],
    min_slice: int,
    level: float,
) -> dict[str, Any]:
    """Returns `min_slice`, `left_out`, `age_bins`, `slices`, `factors` and `gaps`.

    Args:
        slices: those that are large enough.
        measured: their figures.
        found: how many slices of each factor there are, small ones too.
        min_slice: number of independent images that a figure needs at least.
        level: of the intervals.
    """
    gaps = largest_gaps(slices, measured, min_slice=min_slice, level=level)
    rows: dict[Factor, _Rows] = {}
    for row, one in enumerate(slices):
        shown = [name for name in SHOWN if name in measured]
        enough = [name for name in shown if measured[name].n_groups[row] >= min_slice]
        if enough:
            figures = _figures(row, {name: measured[name] for name in enough}, level=level)
            rows.setdefault(one.factor, []).append({**identity(one), "n": one.n, **figures})
    left_out = Counter(found) - Counter({factor: len(of) for factor, of in rows.items()})
    return {
        "min_slice": min_slice,
        "left_out": {factor.value: left_out[factor] for factor in found},
        "age_bins": rows.pop(Factor.AGE, []),
        "slices": rows.pop(Factor.GENDER_AGE, []),
        "factors": [{"factor": factor.value, "slices": of} for factor, of in rows.items()],
        "gaps": [_gap(gap, slices) for gap in gaps],
    }


def identity(slice_: Slice) -> dict[str, Any]:
    """Returns what tells a slice from the others of its factor; an open end is null."""
    match slice_.factor:
        case Factor.GENDER:
            return {"gender": slice_.gender}
        case Factor.AGE:
            return {"age_from": slice_.low, "age_to": slice_.high}
        case Factor.GENDER_AGE:
            return {"gender": slice_.gender, "age_from": slice_.low, "age_to": slice_.high}
        case Factor.SOURCE | Factor.RACE:
            return {"value": slice_.value}
        case _:
            return {"low": slice_.low, "high": slice_.high}


def _figures(row: int, measured: Mapping[str, Measured], *, level: float) -> dict[str, Any]:
    values = {name: float(of.values[row]) for name, of in measured.items()}
    intervals = {name: of.interval(row, level=level) for name, of in measured.items()}
    return {**values, "intervals": intervals}


def _gap(gap: Gap, slices: Sequence[Slice]) -> dict[str, Any]:
    return {
        "factor": gap.factor.value,
        "name": gap.name,
        "figure": gap.figure,
        "larger": identity(slices[gap.larger]),
        "smaller": identity(slices[gap.smaller]),
        "value": gap.value,
        "low": gap.low,
        "high": gap.high,
    }
