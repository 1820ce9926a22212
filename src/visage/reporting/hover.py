"""What a drawing says under the pointer: see-through boxes over it, each with a title.

A browser shows a title by itself, late and to a mouse only; the page's script shows it at once, to
a finger too. Boxes, and not the marks themselves: a thin line is hard to hit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import inf

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_POINTS_PER_INCH = 72  # of matplotlib's SVG


@dataclass(frozen=True)
class Spot:
    """A box in the data's units and what it says, line by line; it ends where the axes end."""

    x: tuple[float, float]
    text: str
    y: tuple[float, float] = (-inf, inf)


def bands(places: Sequence[float], texts: Iterable[str]) -> tuple[Spot, ...]:
    """Returns a band of full height for each place, half the way to its neighbours wide.

    places: on the x axis, growing.
    """
    middles = [(left + right) / 2 for left, right in pairwise(places)]
    edges = [-inf, *middles, inf]
    return tuple(Spot(ends, text) for ends, text in zip(pairwise(edges), texts, strict=True))


def boxes(figure: Figure, axes: Axes, spots: Iterable[Spot]) -> str:
    """Returns the <g> element of the spots of a figure that was laid out, in points."""
    inside = "".join(_box(figure, axes, spot) for spot in spots)
    return f'<g class="spots">{inside}</g>' if inside else ""


def _box(figure: Figure, axes: Axes, spot: Spot) -> str:
    x, y = np.clip(spot.x, *axes.get_xlim()), np.clip(spot.y, *axes.get_ylim())
    corners = axes.transData.transform(np.column_stack([x, y])) / figure.dpi
    (left, low), (right, high) = _POINTS_PER_INCH * corners
    top = _POINTS_PER_INCH * figure.get_figheight() - high
    place = f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{high - low:.1f}"'
    return f"<rect {place}><title>{escape(spot.text)}</title></rect>"
