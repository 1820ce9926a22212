"""Markdown tables whose columns also stand below each other in a terminal."""

from collections.abc import Sequence


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[bool]
) -> list[str]:
    """Returns the lines of a table; `right`: which columns hold numbers."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    lines = [[*map(_padded, line, widths, right)] for line in (headings, *rows)]
    lines.insert(1, [*map(_rule, widths, right)])
    return [f"| {' | '.join(line)} |" for line in lines]


def _rule(width: int, right: bool) -> str:
    return "-" * (width - 1) + (":" if right else "-")


def _padded(cell: str, width: int, right: bool) -> str:
    return cell.rjust(width) if right else cell.ljust(width)
