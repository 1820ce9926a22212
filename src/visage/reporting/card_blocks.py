"""A section of the page as Markdown: its texts, facts and tables; drawings and faces stay there.

A section of drawings alone becomes nothing, so a card has no empty headings. Cards are left out,
too: the table of all figures below them says the same.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from visage.reporting.blocks import Fact, Facts, Matrix, Points, Section, Table
from visage.reporting.markdown import table

_SPECIAL = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|"})


def section_lines(section: Section) -> list[str]:
    """Returns a section with its heading, or nothing where it has no words."""
    blocks = [line for block in section.blocks for line in _block(block)]
    if not blocks and not section.lead:
        return []
    lead = [escaped(section.lead), ""] if section.lead else []
    return [f"## {escaped(section.title)}", "", *lead, *blocks]


def escaped(text: str) -> str:
    """Returns plain text so that Markdown, and HTML within it, shows it as it is."""
    return text.translate(_SPECIAL)


def _block(block: object) -> Iterator[str]:
    writer = _WRITERS.get(type(block))
    if writer is None:
        return
    title = getattr(block, "title", "")
    if title:
        yield from (f"### {escaped(title)}", "")
    yield from writer(block)
    yield ""


def _facts(block: Facts) -> Iterator[str]:
    yield from (f"- {escaped(fact.name)}: {_value(fact)}" for fact in block.facts)


def _value(fact: Fact) -> str:
    return f"`{fact.value}`" if fact.code and "`" not in fact.value else escaped(fact.value)


def _points(block: Points) -> Iterator[str]:
    yield from (f"- {escaped(point)}" for point in block.points)


def _table(block: Table) -> Iterator[str]:
    columns = _with_groups(block)
    rows = [[escaped(cell) for cell in row] for row in block.rows]
    yield from table(columns, rows, right=[False, *[True] * (len(columns) - 1)])
    if block.note:
        yield from ("", escaped(block.note))


def _with_groups(block: Table) -> list[str]:
    """Returns the columns' names, each with that of the group that stands above it on the page."""
    above = [name for name, columns in block.groups for _ in range(columns)]
    groups = ["", *above] if above else [""] * len(block.columns)
    named = zip(groups, block.columns, strict=True)
    return [escaped(f"{group}: {name}" if group else name) for group, name in named]


def _matrix(block: Matrix) -> Iterator[str]:
    columns = ["", *(f"estimated {escaped(label)}" for label in block.labels)]
    rows = [
        [f"true {escaped(label)}", *(cell.count for cell in row)]
        for label, row in zip(block.labels, block.rows, strict=True)
    ]
    yield from table(columns, rows, right=[False, *[True] * len(block.labels)])
    if block.caption:
        yield from ("", escaped(block.caption))


_WRITERS: Final[Mapping[type, Callable[[Any], Iterator[str]]]] = {
    Facts: _facts,
    Matrix: _matrix,
    Points: _points,
    Table: _table,
}
