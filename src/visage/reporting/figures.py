"""The drawings of the page, each from the columns of a metric file to an <svg> element.

Ages are in years. Lines differ by dash as well as by colour, for readers who see no colour and for
grey paper.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.ticker import MaxNLocator

from visage.estimates import Floats, Ints
from visage.reporting.formats import age_range, count, interval, number, percent
from visage.reporting.hover import Spot, bands
from visage.reporting.svg import Ink, draw, legend

_LINES = ((Ink.FIRST, "-"), (Ink.SECOND, (0, (4, 1.5))), (Ink.TEXT, (0, (1, 1.2))))
_HEXAGONS_ACROSS = 36


def curves(
    history: pd.DataFrame,
    columns: Mapping[str, str],
    *,
    unit: str,
    best_epoch: int | None,
    name: str,
) -> str:
    """Draws columns of metrics/history.csv over the epochs; `columns` maps them to their labels."""

    def plot(axes: Axes) -> Sequence[Spot]:
        marker = "o" if len(history) <= 30 else None
        for (column, label), (ink, dash) in zip(columns.items(), _LINES, strict=False):
            values = history[column]
            axes.plot(
                history["epoch"], values, color=ink, ls=dash, marker=marker, ms=3, label=label
            )
        if best_epoch is not None:
            axes.axvline(best_epoch, color=Ink.AXIS, lw=1, ls=":", label="best epoch")
        axes.set(xlabel="Epoch", ylabel=unit)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        legend(axes)
        return bands(history["epoch"].tolist(), _epochs(history, columns))

    return draw(plot, name=name)


def _epochs(history: pd.DataFrame, columns: Mapping[str, str]) -> Iterable[str]:
    for row in history.to_dict(orient="records"):
        values = (
            f"{label} {number(row[column], decimals=3)}"
            for column, label in columns.items()
            if not np.isnan(row[column])
        )
        yield "\n".join([f"epoch {row['epoch']:.0f}", *values])


def age_scatter(age: Floats, estimate: Floats) -> str:
    """Draws the density of (true age, estimated age); arrays of shape (N,), years.

    The opacity of a hexagon grows with the logarithm of its count, so that a lone image is seen
    beside a crowd.
    """
    top = float(max(age.max(), estimate.max(), 1)) + 2

    def plot(axes: Axes) -> Sequence[Spot]:
        hexagons = axes.hexbin(
            age, estimate, gridsize=_HEXAGONS_ACROSS, extent=(-2, top, -2, top), mincnt=1, lw=0
        )
        counts = np.asarray(hexagons.get_array(), dtype=float)
        strength = 0.25 + 0.75 * np.log1p(counts - 1) / max(np.log1p(counts.max() - 1), 1.0)
        hexagons.set_array(None)
        hexagons.set_facecolor([to_rgba(Ink.FIRST, alpha) for alpha in strength.round(2)])
        axes.axline((0, 0), slope=1, color=Ink.SECOND, lw=1.4, label="estimate = true age")
        axes.set(xlabel="True age (years)", ylabel="Estimated age (years)")
        axes.set(xlim=(-2, top), ylim=(-2, top), aspect="equal")
        legend(axes)
        return _bricks(np.asarray(hexagons.get_offsets()), counts, across=top + 2)

    return draw(plot, name="age-scatter", height_inches=4.2)


def _bricks(middles: Floats, counts: Floats, *, across: float) -> list[Spot]:
    """Returns what each hexagon says; boxes as wide, laid like bricks, leave no gap between them.

    matplotlib has hexagons / sqrt(3) rows, cut down to a whole number, and as many between them.
    """
    half_width = across / _HEXAGONS_ACROSS / 2
    half_height = across / int(_HEXAGONS_ACROSS / np.sqrt(3)) / 4
    return [
        Spot(
            x=(x - half_width, x + half_width),
            y=(y - half_height, y + half_height),
            text=f"{count(int(n))} {'face' if n == 1 else 'faces'}\ntrue age about "
            f"{number(max(x, 0), decimals=0)}, estimated {number(max(y, 0), decimals=0)}",
        )
        for (x, y), n in zip(middles.tolist(), counts.tolist(), strict=True)
    ]


def age_bars(
    labels: Sequence[str],
    values: Sequence[float],
    *,
    ends: Sequence[Sequence[float] | None],
    said: Sequence[str],
    ylabel: str,
    name: str,
    ink: Ink,
) -> str:
    """Draws one bar an age bin; `values` in years, signed ones around a line at zero.

    Args:
        labels: of the bins.
        values: of the bins.
        ends: low and high of each value's interval, drawn as a line over the bar's end; None: none.
        said: what each bar says under the pointer.
        ylabel: of the axis.
        name: of the drawing.
        ink: of the bars.
    """
    known = [value if end is None else end for end, value in zip(ends, values, strict=True)]
    apart = np.abs(np.array([np.broadcast_to(end, 2) for end in known]).T - np.array(values))

    def plot(axes: Axes) -> Sequence[Spot]:
        axes.bar(range(len(labels)), values, color=ink, width=0.72)
        axes.errorbar(
            range(len(labels)), values, apart, color=Ink.TEXT, fmt="none", lw=1, capsize=2
        )
        axes.axhline(0, color=Ink.AXIS, lw=1)
        axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right", rotation_mode="anchor")
        axes.grid(visible=False, axis="x")
        axes.set(xlabel="True age (years)", ylabel=ylabel)
        return bands(range(len(labels)), said)

    return draw(plot, name=name)


def coverage_by_age(rows: Sequence[Mapping[str, float]], *, promised: float) -> str:
    """Draws the shares of ages inside their interval; `rows` as metrics.coverage gives them."""
    middle = [(row["age_from"] + row["age_to"]) / 2 for row in rows]
    held, constant = (
        np.array([100 * row[key] for row in rows]) for key in ("coverage", "constant_coverage")
    )
    ends = 100 * np.array([[row["low"] for row in rows], [row["high"] for row in rows]])

    def plot(axes: Axes) -> Sequence[Spot]:
        axes.axhline(100 * promised, color=Ink.AXIS, lw=1, label="promised")
        axes.errorbar(
            middle, held, np.abs(ends - held), color=Ink.FIRST, fmt="o-", ms=4, label="held"
        )
        axes.plot(middle, constant, color=Ink.SECOND, ls=(0, (4, 1.5)), label="one width for all")
        axes.set(xlabel="Predicted age (years)", ylabel="Ages inside (%)")
        legend(axes)
        return [Spot((row["age_from"], row["age_to"]), _coverage(row)) for row in rows]

    return draw(plot, name="age-coverage")


def _coverage(row: Mapping[str, float]) -> str:
    bounds = [100 * row["low"], 100 * row["high"]]
    ages = age_range(row["age_from"], row["age_to"])
    return (
        f"predicted {ages} years, {count(int(row['n']))} faces\n"
        f"held {percent(row['coverage'])} ({interval(bounds, decimals=0)})\n"
        f"one width for all {percent(row['constant_coverage'])}"
    )


def age_counts(counts: Ints, spikes: Collection[int], *, name: str) -> str:
    """Draws the number of images of each age 0, 1, ...; those in `spikes` in another colour."""
    ages = np.arange(len(counts))
    marked = np.isin(ages, list(spikes))

    def plot(axes: Axes) -> Sequence[Spot]:
        axes.bar(ages[~marked], counts[~marked], color=Ink.FIRST, width=0.85, label="images")
        if marked.any():
            axes.bar(ages[marked], counts[marked], color=Ink.SECOND, width=0.85, label="spike")
            legend(axes)
        axes.grid(visible=False, axis="x")
        axes.set(xlabel="Age (years)", ylabel="Images")
        return bands(
            ages.tolist(), (f"age {age}\n{count(n)} images" for age, n in enumerate(counts))
        )

    return draw(plot, name=name)


def sampling(histogram: pd.DataFrame) -> str:
    """Draws metrics/age_histogram.csv: the share of each age bin among images and among draws."""
    edges = [*histogram["age_from"], histogram["age_to"].iloc[-1]]
    before, after = 100 * histogram["share_before"], 100 * histogram["share_after"]

    def plot(axes: Axes) -> Sequence[Spot]:
        axes.stairs(before, edges, fill=True, color=Ink.FIRST, alpha=0.4, label="images (before)")
        axes.stairs(after, edges, color=Ink.SECOND, lw=1.8, label="draws (after)")
        axes.set(xlabel="Age (years)", ylabel="Share of the training part (%)")
        legend(axes)
        return [
            Spot(ends, f"{age_range(*ends)} years\nimages {first:.1f} %\ndraws {second:.1f} %")
            for ends, first, second in zip(pairwise(edges), before, after, strict=True)
        ]

    return draw(plot, name="sampling")
