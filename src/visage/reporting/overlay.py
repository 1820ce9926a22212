"""The epochs of several trainings in one picture, to lie beside a study's page."""

from collections.abc import Mapping
from io import StringIO
from itertools import zip_longest

import pandas as pd
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from visage.reporting.svg import NO_METADATA

PANELS = {
    "train_loss": "Training loss",
    "val_loss": "Validation loss",
    "train_gender_accuracy": "Training gender accuracy",
    "val_gender_accuracy": "Validation gender accuracy",
    "val_mae": "Validation MAE (years)",
}
_ACROSS = 2
_DASHES = ("-", "--", "-.", ":")
_STYLE = {"axes.grid": True, "grid.alpha": 0.4, "svg.hashsalt": "overlay", "font.size": 9}


def overlay(histories: Mapping[str, pd.DataFrame]) -> str:
    """Returns an SVG file with the curves of runs, by name, or "" where no run has an epoch.

    histories: metrics/history.csv of each run. A panel that no run has values for is left out.
    """
    panels = [name for name in PANELS if any(_has(table, name) for table in histories.values())]
    if not panels:
        return ""
    with style.context(["default", _STYLE]):
        rows = -(-len(panels) // _ACROSS)
        figure = Figure(figsize=(4.6 * _ACROSS, 3.2 * rows + 0.5), layout="constrained")
        drawn = figure.subplots(rows, _ACROSS, squeeze=False).ravel()
        for axes, name in zip_longest(drawn, panels):
            _draw(axes, histories, name) if name else axes.set_axis_off()
        handles, labels = drawn[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
        buffer = StringIO()
        figure.savefig(buffer, format="svg", metadata=NO_METADATA)
    return buffer.getvalue()


def _has(table: pd.DataFrame, name: str) -> bool:
    return name in table and bool(table[name].notna().any())


def _draw(axes: Axes, histories: Mapping[str, pd.DataFrame], name: str) -> None:
    for number, (run, table) in enumerate(histories.items()):
        values = table[name] if name in table else pd.Series(dtype=float)
        epochs = table["epoch"] if name in table else values
        dash = _DASHES[number % len(_DASHES)]
        axes.plot(epochs, values, ls=dash, marker="o", ms=3, label=run)
    axes.set(title=PANELS[name], xlabel="Epoch")
    axes.set_xlim(0.5, max(map(len, histories.values())) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
