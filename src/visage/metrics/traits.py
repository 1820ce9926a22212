"""What is known of images beside their labels, to tell apart for whom a model errs.

None of it is ever trained on. Race is the source's own word, given by whoever labelled the photos.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.estimates import Floats

Words = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Traits:
    """Traits of N images, each array (N,); what is not known is "" or NaN.

    Attributes:
        source: the data set's name.
        race: as the source names it.
        side: the original's shorter side, pixels.
        brightness: mean luminance, levels of 0 to 255.
        sharpness: variance of the Laplacian; low where the face is blurred.
    """

    source: Words
    race: Words
    side: Floats
    brightness: Floats
    sharpness: Floats


def traits(ids: Words, *, index: pd.DataFrame, quality: pd.DataFrame) -> Traits:
    """Returns the traits of images, in the order of `ids`.

    Args:
        ids: of the images, (N,).
        index: columns of schema.INDEX.
        quality: columns of schema.QUALITY.
    """
    rows = index.set_index("id").reindex(ids)
    measured = quality.set_index("id").reindex(ids)
    return Traits(
        source=_words(rows["source"]),
        race=_words(rows["race"]),
        side=rows[["width", "height"]].min(axis=1).to_numpy(np.float64, na_value=np.nan),
        brightness=measured["brightness"].to_numpy(np.float64, na_value=np.nan),
        sharpness=measured["sharpness"].to_numpy(np.float64, na_value=np.nan),
    )


def _words(column: pd.Series) -> Words:
    return column.astype(object).where(column.notna(), "").to_numpy(dtype=object)
