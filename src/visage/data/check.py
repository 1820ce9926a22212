"""Looks at every image of a data set before anything is trained on it; changes and stores nothing.

Rows are screened and drawn as `ingest` does it, so that what is set aside here is what will be set
aside there, but for what only `ingest` does: it looks for faces where `data.align` says so, and may
reject contradicting near-duplicates. Images that can be read are looked at: tiny, grey, flat,
blurred, or unlike the other faces (`findings`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.progress import track

from visage.data.check_faces import face_scores
from visage.data.check_image import Examined, Quality, examine
from visage.data.contradictions import Contradictions, contradictions
from visage.data.decoding import quiet_decoders
from visage.data.fault import Fault
from visage.data.intake import Accepted, index_table
from visage.data.parallel import ordered_map
from visage.data.rejections import Rejection, rejected_table
from visage.data.screening import Candidate, Screened
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


def check_source(source: Source, *, screened: Screened, max_bits: int, years: float) -> Checked:
    """Returns what is found in all rows of a source.

    Args:
        source: the data set.
        screened: its rows, as `ingest` screens and draws them.
        max_bits: images with at most this many different bits of the hash are near-duplicates.
        years: ages of near-duplicates further apart contradict.
    """
    rows = sorted([*screened.labelled, *screened.unlabelled], key=lambda one: one.record.row)
    looked = _look(rows, root=source.root)
    faults = [Rejection(one.record, found) for one, found in looked if isinstance(found, Fault)]
    seen = [(one, found) for one, found in looked if isinstance(found, Examined)]
    accepted = [Accepted(candidate, found.facts) for candidate, found in seen]
    index = index_table(accepted, source=source.name, max_bits=max_bits)
    return Checked(
        n_rows=len(source.records),
        index=index.assign(**_columns(index, [found.quality for _, found in seen])),
        rejected=rejected_table(screened.rejections, faults, source=source.name),
        contradicting=contradictions(index, years=years),
    )


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
        "face": face_scores(np.array(small, dtype=np.uint8), ids=index["id"].tolist()),
    }
