"""The drawings of the page, each from the columns of a metric file to an <svg> element.

Ages are in years. Lines differ by dash as well as by colour, for readers who see no colour and for
grey paper.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.ticker import MaxNLocator

from visage.estimates import Floats, Ints
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

    def plot(axes: Axes) -> None:
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

    return draw(plot, name=name)


def age_scatter(age: Floats, estimate: Floats) -> str:
    """Draws the density of (true age, estimated age); arrays of shape (N,), years.

    The opacity of a hexagon grows with the logarithm of its count, so that a lone image is seen
    beside a crowd.
    """
    top = float(max(age.max(), estimate.max(), 1)) + 2

    def plot(axes: Axes) -> None:
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

    return draw(plot, name="age-scatter", height_inches=4.2)


def age_bars(
    labels: Sequence[str], values: Sequence[float], *, ylabel: str, name: str, ink: Ink
) -> str:
    """Draws one bar an age bin; `values` in years, signed ones around a line at zero."""

    def plot(axes: Axes) -> None:
        axes.bar(range(len(labels)), values, color=ink, width=0.72)
        axes.axhline(0, color=Ink.AXIS, lw=1)
        axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right", rotation_mode="anchor")
        axes.grid(visible=False, axis="x")
        axes.set(xlabel="True age (years)", ylabel=ylabel)

    return draw(plot, name=name)


def age_counts(counts: Ints, spikes: Collection[int], *, name: str) -> str:
    """Draws the number of images of each age 0, 1, ...; those in `spikes` in another colour."""
    ages = np.arange(len(counts))
    marked = np.isin(ages, list(spikes))

    def plot(axes: Axes) -> None:
        axes.bar(ages[~marked], counts[~marked], color=Ink.FIRST, width=0.85, label="images")
        if marked.any():
            axes.bar(ages[marked], counts[marked], color=Ink.SECOND, width=0.85, label="spike")
            legend(axes)
        axes.grid(visible=False, axis="x")
        axes.set(xlabel="Age (years)", ylabel="Images")

    return draw(plot, name=name)


def sampling(histogram: pd.DataFrame) -> str:
    """Draws metrics/age_histogram.csv: the share of each age bin among images and among draws."""
    edges = [*histogram["age_from"], histogram["age_to"].iloc[-1]]
    before, after = 100 * histogram["share_before"], 100 * histogram["share_after"]

    def plot(axes: Axes) -> None:
        axes.stairs(before, edges, fill=True, color=Ink.FIRST, alpha=0.4, label="images (before)")
        axes.stairs(after, edges, color=Ink.SECOND, lw=1.8, label="draws (after)")
        axes.set(xlabel="Age (years)", ylabel="Share of the training part (%)")
        legend(axes)

    return draw(plot, name="sampling")
