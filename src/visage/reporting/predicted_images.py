"""Whether predictions are of the very images that their labels are held against.

An experiment may be one of another data set, whose ids are the same by chance (a Kaggle table's 1,
2, 3), or older than a correction of labels. Predictions carry the labels of their time, by which
the two are told apart: corrections are few.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.errors import VisageError
from visage.reporting.formats import count
from visage.reporting.suspects import Run

MOST: Final = 0.5  # of a run's images; two data sets with ids in common rarely agree on so many
ROUNDING: Final = 1e-3  # years; ages are saved as float32


class OtherImagesError(VisageError):
    """Predictions are of other images than those that are there."""


def differences(index: pd.DataFrame, run: Run) -> list[str]:
    """Says how the images of a run differ from those in the index; nothing where they don't.

    Args:
        index: columns of `schema.INDEX`, labelled rows.
        run: may have no predictions.

    Raises:
        OtherImagesError: none of them is in the index, or most had other labels.
    """
    parts = [part for part in run.predictions if len(part)]
    if not parts:
        return []
    predicted = pd.concat(parts, ignore_index=True).drop_duplicates("id").set_index("id")
    labels = index.set_index("id")
    both = predicted.index.intersection(labels.index)
    n_other = int(_differ(predicted.loc[both], labels.loc[both]).sum())
    if not len(both) or n_other > MOST * len(both):
        raise OtherImagesError(
            f"{run.name}: of its {count(len(predicted))} predicted images {count(len(both))} are "
            f"among the labelled ones here, and {count(n_other)} of these had another label then; "
            "it is of another data set: name an experiment of this one"
        )
    return list(_told(run.name, n=len(predicted), n_here=len(both), n_other=n_other))


def _told(name: str, *, n: int, n_here: int, n_other: int) -> Iterator[str]:
    if n_here < n:
        yield (
            f"{name}: {count(n - n_here)} of {count(n)} predicted images are not among the "
            "labelled ones here; they are passed over."
        )
    if n_other:
        yield (
            f"{name}: {count(n_other)} of {count(n_here)} images had another label when they were "
            "predicted; those of now are judged."
        )


def _differ(predicted: pd.DataFrame, labels: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a label that is known in both differs, (N,)."""
    before, now = (
        table[["age", "gender"]].astype(object).to_numpy(np.float64, na_value=np.nan)
        for table in (predicted, labels)
    )
    return np.asarray((np.abs(before - now) > ROUNDING).any(axis=1))
