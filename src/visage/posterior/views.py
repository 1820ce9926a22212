"""From saved predictions, a row an image and view, to one posterior an image.

The average over views is a mean of probabilities, not of logits or ages: the result is a posterior
again, and what is decided from it is decided once.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from visage.errors import VisageError
from visage.estimates import Floats, Ints, Labels

IDENTITY: Final = "identity"  # the view that is the image as it is
_SUM_TOLERANCE = 1e-3  # posteriors are saved as float32


class PredictionsError(VisageError):
    """Saved predictions are missing, incomplete, or no probabilities."""


@dataclass(frozen=True, eq=False)
class Averaged:
    """Predictions for N images, in the table's order.

    Attributes:
        labels: what is known of the images.
        posterior: probabilities of the ages 0, 1, ..., (N, A), rows sum to 1; None: no age head.
        male_probability: (N,); None: no gender head.
        views: names of the views that were averaged.
    """

    labels: Labels
    posterior: Floats | None
    male_probability: Floats | None
    views: tuple[str, ...]


def average_views(table: pd.DataFrame) -> Averaged:
    """Returns the mean over the views of a table with the columns of schema.PREDICTIONS.

    Raises:
        PredictionsError: there are no rows, an image lacks a view or has it twice, or a row holds
            no probabilities.
    """
    if table.empty:
        raise PredictionsError(
            "there are no predictions: this part holds no images; see metrics/split.json, "
            "give it a larger share in params.yaml: split.fractions, and run `dvc repro`"
        )
    rows, views = _rows_by_image(table)
    first = table.iloc[rows[:, 0]]
    return Averaged(_labels(first), _posterior(table, rows), _probability(table, rows), views)


def identity_view(table: pd.DataFrame) -> Averaged:
    """Returns the predictions without test-time augmentation."""
    return average_views(table[table["view"] == IDENTITY])


def _rows_by_image(table: pd.DataFrame) -> tuple[Ints, tuple[str, ...]]:
    image, ids = pd.factorize(table["id"])
    view, views = pd.factorize(table["view"])
    shape = len(ids), len(views)
    if len(table) != shape[0] * shape[1] or table.duplicated(["id", "view"]).any():
        raise PredictionsError(
            f"predictions: {len(table)} rows for {shape[0]} images and the views "
            f"{', '.join(views)}; each image needs each view once; run `dvc repro -f infer`"
        )
    return np.lexsort((view, image)).reshape(shape), tuple(str(name) for name in views)


def _labels(images: pd.DataFrame) -> Labels:
    return Labels(
        id=images["id"].to_numpy(dtype=object),
        age=images["age"].to_numpy(dtype=np.float64, na_value=np.nan),
        gender=images["gender"].to_numpy(dtype=np.int64, na_value=-1),
        group=images["group"].to_numpy(dtype=np.int64, na_value=-1),
    )


def _posterior(table: pd.DataFrame, rows: Ints) -> Floats | None:
    if table["posterior"].isna().all():
        return None
    values = np.stack(table["posterior"].iloc[rows.ravel()].to_list())
    mean = values.reshape(*rows.shape, -1).mean(axis=1, dtype=np.float64)
    total = mean.sum(axis=1, keepdims=True)
    _check("age posterior", (np.abs(total[:, 0] - 1) < _SUM_TOLERANCE) & (mean >= 0).all(axis=1))
    posterior: Floats = mean / total
    return posterior


def _probability(table: pd.DataFrame, rows: Ints) -> Floats | None:
    column = table["gender_probability"]
    if column.isna().all():
        return None
    mean: Floats = column.to_numpy()[rows].mean(axis=1, dtype=np.float64)
    _check("gender probability", (mean >= 0) & (mean <= 1))
    return mean


def _check(name: str, good: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> None:
    if not good.all():
        raise PredictionsError(
            f"predictions: {int((~good).sum())} of {len(good)} images have no valid {name}; "
            "training has probably diverged: see metrics/history.csv, and set a lower train.lr "
            'or train.amp: "off" in params.yaml'
        )
