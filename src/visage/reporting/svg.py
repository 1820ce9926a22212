"""Drawings that follow the page's colours: matplotlib figures as inline SVG.

matplotlib draws in marker colours, and each is replaced by a CSS variable of the page, so that one
drawing is legible on light, dark and paper. Text stays text: it is small, can be read aloud and
takes the page's font. Same numbers, same bytes: ids have a fixed salt, there is no date, and no
matplotlibrc is read.
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from io import StringIO

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from visage.reporting.hover import Spot, boxes

Plot = Callable[[Axes], Sequence[Spot]]  # draws, and returns what the places of the drawing say


class Ink(StrEnum):
    """Marker colours; no two alike, and none that matplotlib uses by itself."""

    TEXT = "#0a0b01"
    AXIS = "#0a0b02"
    GRID = "#0a0b03"
    FIRST = "#0a0b04"
    SECOND = "#0a0b05"


WIDTH_INCHES = 4.4  # 317 points: what a phone leaves, so that one point is one pixel there

_STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": Ink.AXIS.value,
    "axes.grid": True,
    "axes.labelcolor": Ink.TEXT.value,
    "axes.labelsize": 9.5,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": "DejaVu Sans",  # comes with matplotlib: the layout is the same everywhere
    "font.size": 9.5,
    "grid.color": Ink.GRID.value,
    "grid.linewidth": 0.7,
    "legend.borderaxespad": 0.2,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "legend.labelcolor": Ink.TEXT.value,
    "lines.linewidth": 1.8,
    "svg.fonttype": "none",
    "text.color": Ink.TEXT.value,
    "xtick.color": Ink.AXIS.value,
    "xtick.labelcolor": Ink.TEXT.value,
    "xtick.labelsize": 9,
    "ytick.color": Ink.AXIS.value,
    "ytick.labelcolor": Ink.TEXT.value,
    "ytick.labelsize": 9,
}
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def draw(plot: Plot, *, name: str, height_inches: float = 2.95) -> str:
    """Returns an <svg> element with what `plot` draws; `name` keeps its ids apart from others'."""
    with style.context(["default", {**_STYLE, "svg.hashsalt": name}]):
        figure = Figure(figsize=(WIDTH_INCHES, height_inches), layout="constrained")
        axes = figure.subplots()
        spots = plot(axes)
        buffer = StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata=NO_METADATA)
    drawing = _for_the_page(buffer.getvalue()).removesuffix("</svg>")
    return f"{drawing}{boxes(figure, axes, spots)}</svg>"


def legend(axes: Axes) -> None:
    """Puts the legend above the axes, where it covers no data."""
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, handlelength=1.4)


def _for_the_page(document: str) -> str:
    text = document[document.index("<svg") :]
    text = re.sub(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>', r'<svg viewBox="\1">', text, count=1)
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", text, flags=re.DOTALL)  # page-wide
    text = re.sub(r' id="[A-Za-z0-9.]+_\d+"', "", text)  # the same in each drawing, and never used
    text = text.replace("xlink:href", "href").replace("'DejaVu Sans'", "var(--font)")
    for ink in Ink:
        text = text.replace(ink.value, f"var(--figure-{ink.name.lower()})")
    return text.strip()
