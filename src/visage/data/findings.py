"""What is odd about images: tiny, grey, flat, blurred, or unlike the other faces.

Such an image is no error, and nothing is done with it: it is shown. The limits were chosen by
looking at real faces: docs/experiments, 2026-11-22-data-check.md. All of them go by originals;
but for sharpness, which depends on the size, the faces as `ingest` stores them give about the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from visage.data.check_faces import MIN_IMAGES


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
OF_STORED_FACES: Final = tuple(limit for limit in LIMITS if limit.key != "blurred")


def findings(
    index: pd.DataFrame, *, min_side: int, limits: Sequence[Limit] = LIMITS
) -> tuple[Finding, ...]:
    """Returns the images below each limit.

    Args:
        index: the limits' columns, and `side`: the shorter one of the original, pixels.
        min_side: below it an image is tiny.
        limits: of `LIMITS`.
    """
    why = f"The shorter side has less than {min_side} pixels."
    tiny = Limit("tiny", "Tiny", "side", min_side, why, "{:.0f} px")
    return tuple(_finding(index, limit) for limit in (tiny, *limits))


def _finding(index: pd.DataFrame, limit: Limit) -> Finding:
    values = index[limit.column].to_numpy(np.float64)
    order = np.argsort(values, kind="stable")
    return Finding(limit, tuple(order[values[order] < limit.below].tolist()))
