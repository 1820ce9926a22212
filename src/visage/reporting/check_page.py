"""The page of `visage data check`: what a data set holds, and pictures of what to look at."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from visage.data.check import Checked
from visage.data.fault import Fault
from visage.data.findings import Finding, findings
from visage.data.images import read_original
from visage.data.rejections import REMEDIES
from visage.files.jpeg import encode
from visage.preprocess.resize import letterbox
from visage.reporting.blocks import Block, Fact, Facts, Page, Points, Section, Table
from visage.reporting.findings import finding_sheet, finding_title
from visage.reporting.formats import count
from visage.reporting.overview import (
    Picture,
    age_blocks,
    duplicate_blocks,
    rejected_table,
    share_of,
    size_facts,
    source_table,
)
from visage.reporting.render import render
from visage.reporting.worst import THUMBNAIL_PIXELS, picture

_JPEG_QUALITY = 85
_LOOK = (
    "Nothing was changed, and nothing here is an error by itself: a grey or a small face may "
    "be what you want to train on. Look at the pictures, and decide."
)
_SAME = "Rows that were set aside are those that `ingest` sets aside with the same parameters"
_LICENCE = (
    "This page shows faces of the data set: pass it on only where its licence and the people "
    "shown allow it."
)


def check_page(
    checked: Checked,
    *,
    root: Path,
    source: str,
    min_side: int,
    shown: int,
    not_applied: Sequence[str],
) -> str:
    """Returns the page as HTML.

    Args:
        checked: what was found.
        root: the data set's folder.
        source: its form.
        min_side: below it an image is tiny, pixels.
        shown: the largest number of pictures of one finding.
        not_applied: in sentences, what `ingest` does and the check does not.
    """
    found = findings(checked.index, min_side=min_side)
    draw = original_picture(root)
    sections = (
        Section(key="summary", title="Summary", blocks=_summary(checked, found)),
        Section(key="labels", title="Labels", blocks=tuple(_labels(checked))),
        *_rejected(checked.rejected),
        *(_pictures(checked.index, one, draw=draw, shown=shown) for one in found if one.rows),
        *_duplicates(checked.index, draw=draw, shown=2 * shown),
        Section(key="limits", title="How to read this page", blocks=(_limits(not_applied),)),
    )
    return render(
        Page(
            title=f"What is in {root.name}",
            subtitle=f"{count(len(checked.index))} images of {count(checked.n_rows)} rows can be "
            f"used, source {source}",
            description=f"Check of the data set {root.name}: labels, sizes, broken and odd images.",
            brand="visage data check",
            sections=sections,
        )
    )


def finding_rows(checked: Checked, found: tuple[Finding, ...]) -> list[tuple[str, int]]:
    """Returns what was found and how many images or rows it concerns, for page and terminal."""
    index = checked.index
    return [
        ("rows set aside", len(checked.rejected)),
        *((one.limit.title.lower(), len(one.rows)) for one in found),
        ("near-duplicates of another image", int(index["group"].duplicated(keep=False).sum())),
        ("the same file as another image", int(index["sha256"].duplicated(keep=False).sum())),
        ("near-duplicates with contradicting labels", len(checked.contradicting.faults)),
    ]


def original_picture(root: Path) -> Picture:
    """Returns the function that draws the original of a row of the index, small and square."""

    def draw(row: Any) -> str:
        original = read_original(row.source_path, root=root)
        if isinstance(original, Fault):  # it was there a minute ago
            return "data:,"
        small = letterbox(original.image, size=THUMBNAIL_PIXELS)
        return picture(encode(small, jpeg_quality=_JPEG_QUALITY))

    return draw


def _limits(not_applied: Sequence[str]) -> Points:
    same = f"{_SAME}, but for what follows:" if not_applied else f"{_SAME}."
    return Points((_LOOK, same, *not_applied, _LICENCE))


def _summary(checked: Checked, found: tuple[Finding, ...]) -> tuple[Block, ...]:
    index = checked.index
    facts = (
        Fact("Rows", count(checked.n_rows)),
        Fact("Usable images", count(len(index))),
        Fact("with an age", count(int(index["age"].notna().sum()))),
        Fact("with a gender", count(int(index["gender"].notna().sum()))),
        Fact("Identities", count(int(index["identity"].nunique()))),
    )
    rows = [
        (name[0].upper() + name[1:], count(n), share_of(n, checked.n_rows))
        for name, n in finding_rows(checked, found)
    ]
    table = Table(
        title="What was found",
        columns=("Finding", "Images", "Share of the rows"),
        rows=tuple(rows),
        wide=True,
    )
    return Facts("Data set", facts), table


def _labels(checked: Checked) -> Iterator[Block]:
    yield from age_blocks(checked.index)
    yield source_table(checked.index)
    sizes = size_facts(checked.index)
    if sizes is not None:
        yield sizes


def _rejected(rejected: pd.DataFrame) -> Iterator[Section]:
    table = rejected_table(rejected, remedies=REMEDIES)
    if table is not None:
        yield Section(key="rejected", title="Rows set aside", blocks=(table,))


def _pictures(index: pd.DataFrame, found: Finding, *, draw: Picture, shown: int) -> Section:
    sheet = finding_sheet(index, found, picture=draw, n=shown)
    return Section(key=found.limit.key, title=finding_title(found), blocks=(sheet,))


def _duplicates(index: pd.DataFrame, *, draw: Picture, shown: int) -> Iterator[Section]:
    blocks = duplicate_blocks(index, picture=draw, n=shown)
    if blocks:
        yield Section(key="duplicates", title="Near-duplicates", blocks=blocks)
