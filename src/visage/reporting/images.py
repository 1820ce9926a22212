"""What the images are: ages that stand out, sources, sizes, near-duplicates, rows set aside.

The cheap part of `visage data check`, which also opens every original.
"""

from collections.abc import Iterator

from visage.data.index import labelled_rows
from visage.files.faces import FaceStore
from visage.reporting.blocks import Block, Section
from visage.reporting.inputs import Inputs
from visage.reporting.overview import (
    age_blocks,
    duplicate_blocks,
    rejected_table,
    size_facts,
    source_table,
)
from visage.reporting.worst import picture

SHOWN = 12  # images of near-duplicates
TITLE = "Near-duplicates among the labelled images"


def images(inputs: Inputs, *, faces: FaceStore) -> Section:
    """Returns the section on images and labels."""
    return Section(
        key="images",
        title="Images and labels",
        lead="The command visage data check looks at every original, too: grey, blurred, odd ones.",
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
    yield from duplicate_blocks(
        labelled, picture=lambda row: picture(faces.read(row.id)), n=SHOWN, title=TITLE
    )
