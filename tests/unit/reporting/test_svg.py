import re
from xml.etree import ElementTree

from matplotlib.axes import Axes

from visage.reporting.hover import Spot
from visage.reporting.svg import Ink, draw, legend


def line(axes: Axes) -> list[Spot]:
    axes.plot([1, 2], [3, 4], color=Ink.FIRST, marker="o", label="a line")
    axes.fill_between([1, 2], [3, 4], color=Ink.SECOND, alpha=0.5)
    axes.set(xlabel="Age (years)")
    legend(axes)
    return [Spot((1, 2), "a < b")]


def test_a_drawing_is_one_wellformed_svg_element() -> None:
    root = ElementTree.fromstring(draw(line, name="test"))  # noqa: S314 - our own drawing
    assert root.tag == "svg"


def test_every_colour_is_one_of_the_pages_variables() -> None:
    drawing = draw(line, name="test")
    assert "var(--figure-first)" in drawing
    assert re.findall(r"#[0-9a-f]{6}\b", drawing) == []


def test_text_stays_text_in_the_pages_font() -> None:
    drawing = draw(line, name="test")
    assert ">Age (years)</text>" in drawing
    assert set(re.findall(r"font-family: ([^;\"]+)", drawing)) == {"var(--font)"}


def test_drawings_of_different_names_share_no_id() -> None:
    first, second = (
        set(re.findall(r' id="([^"]+)"', draw(line, name=name))) for name in ("first", "second")
    )
    assert first
    assert second
    assert first & second == set()


def test_every_reference_inside_a_drawing_resolves() -> None:
    drawing = draw(line, name="test")
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', drawing))
    assert used
    assert used <= set(re.findall(r' id="([^"]+)"', drawing))


def test_what_is_said_under_the_pointer_lies_over_the_drawing() -> None:
    drawing = draw(line, name="test")
    assert "<title>a &lt; b</title></rect></g></svg>" in drawing
