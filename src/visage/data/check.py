"""Looks at every image of a data set before anything is trained on it; changes and stores nothing.

Rows are read and screened as `ingest` does it, so that what is set aside here is what will be set
aside there. Beyond that, images that can be read are looked at: tiny, grey, flat, blurred, or
unlike the other faces. Such an image is no error, and nothing is done with it: it is shown. The
limits were chosen by looking at real faces: docs/experiments, 2026-11-22-data-check.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from rich.progress import track

from visage.data.check_faces import MIN_IMAGES, face_scores
from visage.data.check_image import Examined, Quality, examine
from visage.data.contradictions import Contradictions, contradictions
from visage.data.decoding import quiet_decoders
from visage.data.fault import Fault
from visage.data.intake import Accepted, index_table
from visage.data.labels import Rules
from visage.data.parallel import ordered_map
from visage.data.rejections import Rejection, rejected_table
from visage.data.screening import Candidate, screen
from visage.data.source import Source


@dataclass(frozen=True, eq=False)
class Checked:
    """What was found.

    Attributes:
        n_rows: of the source.
        index: the images that can be read, columns of `schema.INDEX`, and beside them `side` (the
            shorter one, pixels), `colour`, `contrast`, `sharpness` (of `Quality`) and `face` (the
            score of `face_scores`; NaN: there are too few images for one).
        rejected: the rows that `ingest` would set aside, columns of `schema.REJECTED`.
        contradicting: near-duplicates with contradicting labels.
    """

    n_rows: int
    index: pd.DataFrame
    rejected: pd.DataFrame
    contradicting: Contradictions


@dataclass(frozen=True, slots=True)
class Limit:
    """Images whose number in `column` of the index is below a limit have something to be shown.

    `why` says so; `form` writes the number.
    """

    key: str
    title: str
    column: str
    below: float
    why: str
    form: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The images below a limit, by their positions in the index, the lowest first."""

    limit: Limit
    rows: tuple[int, ...]


LIMITS: Final = (
    Limit(
        "grey",
        "Without colour",
        "colour",
        5.0,
        "The largest and the smallest channel of a pixel differ by less than 5 of 255 levels on "
        "average.",
        "colour {:.1f}",
    ),
    Limit(
        "flat",
        "Hardly any contrast",
        "contrast",
        15.0,
        "The standard deviation of the brightness is below 15 of 255 levels.",
        "contrast {:.1f}",
    ),
    Limit(
        "blurred",
        "Blurred",
        "sharpness",
        10.0,
        "The variance of the Laplacian at 128 x 128 pixels is below 10.",
        "sharpness {:.1f}",
    ),
    Limit(
        "unlike",
        "Unlike the other faces",
        "face",
        0.0,
        "A classifier that tells these pictures from turned, cut and mixed copies of them takes "
        "such an image for a copy. Expect false alarms: of 18,945 UTKFace crops it names 128 "
        "(0.7 %), and most of them are faces, tilted, hidden or lit from one side. Of patches of "
        "photos without a face it found 95 to 100 %. Where images are whole scenes it says little; "
        f"it needs {MIN_IMAGES} images.",
        "score {:.2f}",
    ),
)


def check_source(source: Source, *, rules: Rules, max_bits: int, years: float) -> Checked:
    """Returns what is found in all rows of a source.

    Args:
        source: the data set.
        rules: of its labels.
        max_bits: images with at most this many different bits of the hash are near-duplicates.
        years: ages of near-duplicates further apart contradict.
    """
    screened = screen(source, rules=rules)
    rows = sorted([*screened.labelled, *screened.unlabelled], key=lambda one: one.record.row)
    looked = _look(rows, root=source.root)
    faults = [Rejection(one.record, found) for one, found in looked if isinstance(found, Fault)]
    seen = [(one, found) for one, found in looked if isinstance(found, Examined)]
    accepted = [Accepted(candidate, found.facts) for candidate, found in seen]
    index = index_table(accepted, source=source.name, max_bits=max_bits)
    return Checked(
        n_rows=len(source.records),
        index=index.assign(**_columns(index, [found.quality for _, found in seen])),
        rejected=rejected_table([*screened.rejections, *faults], source=source.name),
        contradicting=contradictions(index, years=years),
    )


def findings(index: pd.DataFrame, *, min_side: int) -> tuple[Finding, ...]:
    """Returns the images of `Checked.index` below each limit; `min_side`: below it one is tiny."""
    why = f"The shorter side has less than {min_side} pixels."
    tiny = Limit("tiny", "Tiny", "side", min_side, why, "{:.0f} px")
    return tuple(_finding(index, limit) for limit in (tiny, *LIMITS))


def _finding(index: pd.DataFrame, limit: Limit) -> Finding:
    values = index[limit.column].to_numpy(np.float64)
    order = np.argsort(values, kind="stable")
    return Finding(limit, tuple(order[values[order] < limit.below].tolist()))


def _look(
    candidates: Sequence[Candidate], *, root: Path
) -> list[tuple[Candidate, Examined | Fault]]:
    paths = [one.record.path for one in candidates]
    found = ordered_map(partial(examine, root=root), paths, prepare=quiet_decoders)
    shown = track(found, "looking at images", total=len(paths), disable=not paths)
    return list(zip(candidates, shown, strict=True))


def _columns(index: pd.DataFrame, qualities: Sequence[Quality]) -> dict[str, Any]:
    small = [one.small for one in qualities]
    return {
        "side": index[["width", "height"]].min(axis=1),
        "colour": [one.colour for one in qualities],
        "contrast": [one.contrast for one in qualities],
        "sharpness": [one.sharpness for one in qualities],
        "face": face_scores(np.array(small, dtype=np.uint8)),
    }
