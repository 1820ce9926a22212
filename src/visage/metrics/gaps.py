"""The largest gap between the slices of a factor: how far apart, which two, and how certain.

The gaps are Fairlearn's `difference(method="between_groups")`: the largest less the smallest
value. `equalized_odds_difference` is the larger one of the gaps in both genders' recalls, which are
the true and one less the false positive rate, whichever gender is called positive (Hardt, Price &
Srebro 2016).

The largest of many gaps is large by chance too, and its plain bootstrap interval never holds 0. So
the interval is one that holds for all pairs at once: as many standard errors wide as the farthest
of all pairs lies off on most resamples (Westfall & Young 1993; Romano & Wolf 2005), in Student's t,
because slices are small. Where it holds 0, no gap is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist
from typing import Final

import numpy as np
from scipy.special import ndtr, stdtrit

from visage.estimates import Floats
from visage.metrics.bootstrap import enough
from visage.metrics.slice_figures import GENDER_ACCURACY, MAE, RECALLS, Measured
from visage.metrics.slices import Factor, Slice

# Of each gap the figures whose slices are held against each other.
GAPS: Final = {
    "mae_difference": (MAE,),
    "gender_accuracy_difference": (GENDER_ACCURACY,),
    "equalized_odds_difference": tuple(RECALLS.values()),
}
OF_GENDERS: Final = (Factor.GENDER, Factor.GENDER_AGE)  # they have one recall alone


@dataclass(frozen=True, eq=False)
class Gap:
    """The largest gap: `larger` and `smaller` are positions of slices, `name` a key of GAPS."""

    name: str
    factor: Factor
    figure: str
    larger: int
    smaller: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class _Pair:
    """Two slices' difference; `error` is its standard error, of so many degrees of freedom.

    deviations: of the resampled differences from it, without sign, by their own spread, (R,); NaN
        where a resample drew none of a slice.
    most: that such figures can lie apart.
    """

    figure: str
    larger: int
    smaller: int
    value: float
    deviations: Floats
    error: float
    freedom: float
    most: float


@dataclass(frozen=True, eq=False)
class _Known:
    """Of S slices: values (S,), draws (S, R), variances (S,) and their degrees of freedom (S,)."""

    values: Floats
    draws: Floats
    variances: Floats
    freedoms: Floats


def largest_gaps(
    slices: Sequence[Slice], measured: Mapping[str, Measured], *, min_slice: int, level: float
) -> list[Gap]:
    """Returns the gaps of each factor, of figures that two or more slices have.

    A slice counts if `min_slice` independent images have the label; for a recall, the gender.
    """
    found = []
    for factor in dict.fromkeys(one.factor for one in slices):
        rows = [row for row, one in enumerate(slices) if one.factor == factor]
        for name, figures in GAPS.items():
            if factor in OF_GENDERS and len(figures) > 1:
                continue
            pairs = [
                pair
                for figure in figures
                if figure in measured
                for pair in _pairs(figure, measured[figure], rows, min_slice=min_slice, level=level)
            ]
            if pairs:
                found.append(_largest(name, factor, pairs, level=level))
    return found


def _pairs(
    figure: str, measured: Measured, rows: Sequence[int], *, min_slice: int, level: float
) -> list[_Pair]:
    sizes = measured.n_groups
    shown = [
        row
        for row in rows
        if sizes[row] >= min_slice
        and enough(measured.draws[:, row], n_groups=int(sizes[row]), level=level)
    ]
    if len(shown) < 2:
        return []
    known = _Known(measured.values, measured.draws.T.copy(), *_variances(measured))
    most = 1.0 if measured.scale.is_share else np.inf
    return [_pair(figure, known, *two, most=most) for two in combinations(shown, 2)]


def _pair(figure: str, known: _Known, one: int, other: int, *, most: float) -> _Pair:
    values, draws = known.values, known.draws
    larger, smaller = (one, other) if values[one] >= values[other] else (other, one)
    value = float(values[larger] - values[smaller])
    deviations = np.abs(draws[larger] - draws[smaller] - value)
    spread = float(np.sqrt(np.nanmean(deviations**2)))
    variances, freedoms = (of[[larger, smaller]] for of in (known.variances, known.freedoms))
    total = float(variances.sum())
    weighed = float((variances**2 / freedoms).sum())  # Satterthwaite (1946)
    return _Pair(
        figure,
        larger,
        smaller,
        value,
        deviations / spread if spread else deviations,
        error=float(np.sqrt(total)),
        freedom=total**2 / weighed if weighed else float(freedoms.min()),
        most=most,
    )


def _variances(measured: Measured) -> tuple[Floats, Floats]:
    """Returns the variances of slices' figures, and their degrees of freedom.

    A share near 0 or 1 hardly varies over resamples, so it has at least the variance that it would
    have with one success and one failure more (Agresti & Caffo 2000).
    """
    n = np.maximum(2, measured.n_groups).astype(np.float64)  # smaller ones are in no pair
    drawn = np.array([_variance(figure) for figure in measured.draws.T]) * n / (n - 1)
    if measured.scale.is_share:
        share = (measured.values * n + 1) / (n + 2)
        drawn = np.maximum(drawn, share * (1 - share) / (n + 2))
    return drawn, n - 1


def _variance(draws: Floats) -> float:
    """Returns that of the resamples, (R,), on which the figure is defined; NaN without any."""
    defined = draws[~np.isnan(draws)]
    return float(defined.var()) if len(defined) else np.nan


def _largest(name: str, factor: Factor, pairs: Sequence[_Pair], *, level: float) -> Gap:
    best = max(pairs, key=lambda pair: pair.value)
    most = np.fmax.reduce([pair.deviations for pair in pairs])
    alone, bonferroni = (
        NormalDist().inv_cdf(1 - (1 - level) / (2 * n)) for n in (1, len(pairs))
    )  # of one pair, and of independent ones, which is the most
    normal = np.clip(np.nanquantile(most, level), alone, bonferroni)
    half = float(stdtrit(best.freedom, ndtr(normal))) * best.error
    return Gap(
        name,
        factor,
        best.figure,
        best.larger,
        best.smaller,
        value=best.value,
        low=max(-best.most, best.value - half),
        high=min(best.most, best.value + half),
    )
