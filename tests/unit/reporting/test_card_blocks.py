"""Blocks as Markdown."""

from visage.reporting.blocks import Cell, Fact, Facts, Figure, Matrix, Points, Section, Table
from visage.reporting.card_blocks import section_lines

FIGURE = Figure(svg="<svg/>", title="Curve", caption="", alt="")


def test_a_section_of_drawings_alone_is_nothing() -> None:
    assert section_lines(Section("x", "Curves", (FIGURE,))) == []


def test_a_drawing_beside_words_is_left_out() -> None:
    lines = section_lines(Section("x", "Both", (FIGURE, Points(("one", "two")))))
    assert lines == ["## Both", "", "- one", "- two", ""]


def test_a_hash_is_code_and_a_name_is_text() -> None:
    facts = Facts("Hashes", (Fact("model", "0a", code=True), Fact("a_b", "c*d")))
    assert section_lines(Section("x", "Run", (facts,)))[4:6] == ["- model: `0a`", r"- a\_b: c\*d"]


def test_groups_of_columns_stand_in_their_names() -> None:
    block = Table("", ("Age", "f", "m"), (("0", "1", "2"),), groups=(("train", 2),))
    assert section_lines(Section("x", "Data", (block,)))[2:5] == [
        "| Age | train: f | train: m |",
        "| --- | -------: | -------: |",
        "| 0   |        1 |        2 |",
    ]


def test_a_confusion_matrix_says_which_side_is_true() -> None:
    rows = ((Cell("8", 0.8), Cell("2", 0.2)), (Cell("1", 0.1), Cell("9", 0.9)))
    block = Matrix("After", "", ("female", "male"), rows)
    lines = section_lines(Section("x", "Gender", (block,)))
    assert "| true female |                8 |              2 |" in lines
