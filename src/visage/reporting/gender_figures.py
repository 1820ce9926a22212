"""The drawings of the section on gender: the threshold's curve, and what a probability is worth."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from visage.reporting.formats import count, interval, number, percent
from visage.reporting.hover import Spot, bands
from visage.reporting.svg import Ink, draw, legend

Rows = Sequence[Mapping[str, float]]


def threshold_curve(table: pd.DataFrame, *, threshold: float) -> str:
    """Draws metrics/threshold_curve.csv, with a line at the threshold that was taken."""
    places, scores = table["threshold"].tolist(), table["gender_f1"].tolist()
    said = [
        f"threshold {number(place, decimals=2)}\nF1 {number(score, decimals=3)}"
        for place, score in zip(places, scores, strict=True)
    ]

    def plot(axes: Axes) -> Sequence[Spot]:
        axes.plot(places, scores, color=Ink.FIRST)
        axes.axvline(threshold, color=Ink.SECOND, lw=1.4, ls=(0, (4, 1.5)), label="taken")
        axes.set(xlabel="Threshold on the probability of male", ylabel="F1 (macro)")
        legend(axes)
        return bands(places, said)

    return draw(plot, name="threshold-curve")


def reliability(before: Rows, after: Rows) -> str:
    """Draws the share of men against the mean probability told; rows of metrics.reliability."""

    def plot(axes: Axes) -> Sequence[Spot]:
        axes.axline((0, 0), slope=1, color=Ink.AXIS, lw=1, label="as told")
        axes.plot(*_line(before), color=Ink.SECOND, ls=(0, (4, 1.5)), label="before")
        told, held = _line(after)
        ends = np.array([[row["low"] for row in after], [row["high"] for row in after]])
        bars = np.abs(ends - held)
        axes.errorbar(told, held, bars, color=Ink.FIRST, fmt="o-", ms=4, label="after")
        axes.set(xlabel="Probability of male, as told", ylabel="Share of men")
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        legend(axes)
        return [Spot((row["told_from"], row["told_to"]), _said(row)) for row in after]

    return draw(plot, name="reliability")


def _line(rows: Rows) -> tuple[list[float], list[float]]:
    return [row["mean_told"] for row in rows], [row["share_male"] for row in rows]


def _said(row: Mapping[str, float]) -> str:
    bounds = [100 * row["low"], 100 * row["high"]]
    return (
        f"told {percent(row['mean_told'])} on average, {count(int(row['n']))} faces\n"
        f"men {percent(row['share_male'])} ({interval(bounds, decimals=0)})"
    )
