"""What the images are: ages that stand out, sources, sizes, odd ones, near-duplicates, rejections.

What `visage data check` says, from what `ingest` measured on the stored faces. Only blurred images
are told there alone: sharpness depends on the size, and its limit is one of originals.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from visage.data.findings import OF_STORED_FACES, Finding, findings
from visage.data.index import labelled_rows
from visage.files.faces import FaceStore
from visage.reporting.blocks import Block, Section, Table
from visage.reporting.findings import finding_sheet
from visage.reporting.formats import count
from visage.reporting.inputs import Inputs
from visage.reporting.overview import (
    Picture,
    age_blocks,
    duplicate_blocks,
    rejected_table,
    share_of,
    size_facts,
    source_table,
)
from visage.reporting.worst import picture

SHOWN = 12  # images of near-duplicates, and of each finding
NOT_MEASURED = "not measured"
TITLE = "Near-duplicates among the labelled images"


def images(inputs: Inputs, *, faces: FaceStore) -> Section:
    """Returns the section on images and labels."""
    return Section(
        key="images",
        title="Images and labels",
        lead="The command visage data check looks at the originals, and at how sharp they are.",
        blocks=tuple(_blocks(inputs, faces)),
    )


def _blocks(inputs: Inputs, faces: FaceStore) -> Iterator[Block]:
    yield from age_blocks(labelled_rows(inputs.index))
    yield source_table(inputs.index)
    sizes = size_facts(inputs.index)
    if sizes is not None:
        yield sizes
    rejected = rejected_table(inputs.rejected)
    if rejected is not None:
        yield rejected
    labelled = labelled_rows(inputs.index).reset_index(drop=True)

    def draw(row: Any) -> str:
        return picture(faces.read(row.id))

    yield from _odd(labelled, inputs, draw)
    yield from duplicate_blocks(labelled, picture=draw, n=SHOWN, title=TITLE)


def _odd(labelled: pd.DataFrame, inputs: Inputs, draw: Picture) -> Iterator[Block]:
    """Yields how many labelled images are below each limit, and some of them."""
    measured = labelled.merge(inputs.quality, on="id", how="left", validate="one_to_one")
    measured["side"] = measured[["width", "height"]].min(axis=1)
    min_side = int(inputs.model.get("image_size", 0))
    found = findings(measured, min_side=min_side, limits=OF_STORED_FACES)
    rows = [_row(one, measured[one.limit.column]) for one in found]
    columns = ("Finding", "Images", "Share of the labelled")
    yield Table(title="Images to look at", columns=columns, rows=tuple(rows))
    for one in found:
        if one.rows:
            yield finding_sheet(measured, one, picture=draw, n=SHOWN, title=f"{one.limit.title}: ")


def _row(found: Finding, values: "pd.Series[float]") -> tuple[str, str, str]:
    """Returns what was looked for, how many images there are, and their share."""
    if values.isna().all():  # too few images for a score
        return found.limit.title, NOT_MEASURED, NOT_MEASURED
    n = len(found.rows)
    return found.limit.title, count(n), share_of(n, len(values))
