"""How well gender is told: accuracy, macro F1, the confusion counts, and calibration.

Gender is 0 = female, 1 = male, (N,); for `weights` see `averages`. Training picks its best epoch
with these functions.
"""

import numpy as np

from visage.codes import FEMALE, MALE
from visage.metrics.averages import Array, Floats


def confusion(gender: Array, predicted: Array, weights: Floats | None = None) -> Floats:
    """Returns counts, (..., 2, 2): rows true, columns predicted, female first."""
    cells = np.eye(4)[2 * gender.astype(np.int64) + predicted.astype(np.int64)]
    counts: Floats = cells.sum(axis=0) if weights is None else weights @ cells
    return counts.reshape(*counts.shape[:-1], 2, 2)


def accuracy(gender: Array, predicted: Array, weights: Floats | None = None) -> Floats:
    """Returns the share of images, 0 to 1, whose gender is right."""
    counts = confusion(gender, predicted, weights)
    share: Floats = np.trace(counts, axis1=-2, axis2=-1) / counts.sum(axis=(-2, -1))
    return share


def macro_f1(gender: Array, predicted: Array, weights: Floats | None = None) -> Floats:
    """Returns the mean of both genders' F1, 0 to 1.

    F1 = 2 TP / (2 TP + FP + FN). A gender that is neither there nor predicted has F1 = 0.
    """
    counts = confusion(gender, predicted, weights)
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    total = counts.sum(axis=-1) + counts.sum(axis=-2)
    f1: Floats = (2 * hits / np.where(total > 0, total, 1.0)).mean(axis=-1)
    return f1


def classification_report(gender: Array, predicted: Array) -> list[dict[str, float | int]]:
    """Returns precision, recall and F1, 0 to 1, and support of each gender, female first.

    What nobody was predicted to be has precision 0, and a gender that is not there recall 0.
    """
    counts = confusion(gender, predicted)
    hits, true, told = np.diagonal(counts), counts.sum(axis=1), counts.sum(axis=0)
    precision, recall = (hits / np.maximum(total, 1) for total in (told, true))
    f1 = 2 * hits / np.maximum(true + told, 1)
    return [
        {
            "gender": code,
            "precision": float(precision[code]),
            "recall": float(recall[code]),
            "f1": float(f1[code]),
            "support": int(true[code]),
        }
        for code in (FEMALE, MALE)
    ]


def calibration_error(gender: Array, male_probability: Array, *, bins: int = 10) -> float:
    """Returns the expected calibration error, 0 to 1.

    The mean over images of |share of men - mean probability of male| of the image's bin; the bins
    are of equal width, half-open, the last one closed (Naeini et al. 2015; Guo et al. 2017, eq. 3,
    for two classes).
    """
    members = np.minimum((male_probability * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(members, weights=gender - male_probability.astype(np.float64))
    return float(np.abs(gaps).sum() / len(gender))
