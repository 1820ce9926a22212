"""Where the boxes of a drawing lie, and what they say."""

import re

import pytest
from matplotlib.figure import Figure

from visage.reporting.hover import Spot, bands, boxes


@pytest.fixture
def figure() -> Figure:
    """One inch by one inch, the axes from 0 to 10 without any margin."""
    figure = Figure(figsize=(1, 1))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 10), ylim=(0, 10))
    return figure


def drawn(figure: Figure, *spots: Spot) -> list[list[float]]:
    """x, y, width and height of each box, in points from the top left corner."""
    text = boxes(figure, figure.axes[0], spots)
    return [[float(value) for value in re.findall(r'"([-0-9.]+)"', box)] for box in _rects(text)]


def _rects(text: str) -> list[str]:
    return re.findall("<rect[^>]*>", text)


def test_a_box_lies_where_its_data_lie(figure: Figure) -> None:
    assert drawn(figure, Spot((5, 10), "x", y=(7.5, 10))) == [[36, 0, 36, 18]]


def test_a_box_ends_where_the_axes_end(figure: Figure) -> None:
    assert drawn(figure, Spot((-5, 50), "x")) == [[0, 0, 72, 72]]


def test_bands_meet_half_way_and_leave_nothing_out(figure: Figure) -> None:
    found = drawn(figure, *bands([1, 3, 8], ["a", "b", "c"]))
    assert [box[0] for box in found] == pytest.approx([0, 14.4, 39.6])
    assert sum(box[2] for box in found) == pytest.approx(72)


def test_a_single_place_has_all_of_the_drawing(figure: Figure) -> None:
    assert drawn(figure, *bands([4], ["a"])) == [[0, 0, 72, 72]]


def test_what_is_said_is_text(figure: Figure) -> None:
    assert "<title>&lt;b&gt; &amp; c</title>" in boxes(
        figure, figure.axes[0], [Spot((0, 1), "<b> & c")]
    )


def test_nothing_to_say_is_no_element(figure: Figure) -> None:
    assert boxes(figure, figure.axes[0], []) == ""
