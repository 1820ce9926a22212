"""How well a file tells ages and genders of labelled faces: what eight bits cost is measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visage.export.artefact import Outputs, Run
from visage.export.checking import run_all
from visage.export.faces import LabelledFaces
from visage.metrics import age, gender


@dataclass(frozen=True)
class Accuracy:
    """Figures of N labelled faces; None without the task or its labels.

    Attributes:
        n: faces.
        mae: years.
        within_interval: share of true ages that the interval holds.
        gender_accuracy: share, by the fitted threshold.
        unfamiliar: share of faces that are called so; None: the file does not tell.
    """

    n: int
    mae: float | None
    within_interval: float | None
    gender_accuracy: float | None
    unfamiliar: float | None = None


def accuracy(run: Run, faces: LabelledFaces, *, size: int) -> Accuracy:
    """Returns the figures; size: pixels, facts.image_size."""
    outputs = run_all(run, faces.at(size))
    aged, gendered = ~np.isnan(faces.age), faces.gender >= 0
    mae, inside = _age(outputs, faces, aged) if "age" in outputs and aged.any() else (None, None)
    right = None
    if "gender" in outputs and gendered.any():
        right = float(gender.accuracy(faces.gender[gendered], outputs["gender"][gendered]))
    unlike = float(outputs["unfamiliar"].mean()) if "unfamiliar" in outputs else None
    return Accuracy(len(faces), mae, inside, right, unlike)


def _age(outputs: Outputs, faces: LabelledFaces, aged: NDArray[np.bool_]) -> tuple[float, float]:
    true = faces.age[aged]
    low, high = (outputs[name][aged] for name in ("age_low", "age_high"))
    inside = (low <= true) & (true <= high)
    return float(age.mae(true, outputs["age"][aged])), float(inside.mean())
