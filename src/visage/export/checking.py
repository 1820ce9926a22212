"""Is what was written what was trained? Both look at the same real faces.

The reference is the one path of `infer` and `posterior.estimate`. The first comparison gives both
the same pixels, so only the order of sums differs. The second gives the file the faces as they are
stored, so that its own resizing counts, too: OpenCV's differs by a grey level here and there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from visage.export.artefact import ExportError, Outputs, Run
from visage.export.faces import LabelledFaces
from visage.inference.face_model import Images
from visage.inference.torch_model import TorchModel

BATCH: Final = 32
# Largest differences, by output; of gender the share of faces that are told otherwise. Float32
# through a hundred layers differs by about 1e-5, a wrong step by far more.
SAME_PIXELS: Final = {
    "age": 0.01,
    "age_low": 0.1,  # the ends divide by small probabilities
    "age_high": 0.1,
    "posterior": 1e-3,
    "gender": 0.002,
    "gender_probability": 1e-3,
    "familiarity": 1e-3,
}
# Measured on 64 faces: 0.17 years, of 144 px made 128 (docs/exporting.md); 0.64 with an earlier
# model, of 128 made 112.
OWN_RESIZING: Final = {
    "age": 2.0,
    "age_low": 20.0,  # an estimate may cross into another group with another margin
    "age_high": 20.0,
    "posterior": 0.2,
    "gender": 0.05,
    "gender_probability": 0.1,
    "familiarity": 0.1,
}


@dataclass(frozen=True)
class Checked:
    """The largest differences from PyTorch, by output; n: faces that were compared."""

    n: int
    same_pixels: Mapping[str, float]
    own_resizing: Mapping[str, float]


def check(run: Run, reference: TorchModel, faces: LabelledFaces) -> Checked:
    """Returns how far the file is from the reference.

    Raises:
        ExportError: too far.
    """
    pixels = faces.at(reference.facts.image_size)
    expected = _expected(reference, pixels)
    checked = Checked(
        n=len(faces),
        same_pixels=differences(run_all(run, pixels), expected),
        own_resizing=differences(run_all(run, faces.stored), expected),
    )
    _refuse(checked.same_pixels, _limits(SAME_PIXELS, checked.n), "on the same pixels")
    _refuse(checked.own_resizing, _limits(OWN_RESIZING, checked.n), "with its own resizing")
    return checked


def run_all(run: Run, faces: Images) -> Outputs:
    """Returns the outputs for all faces, some at a time."""
    found = [run(faces[first : first + BATCH]) for first in range(0, len(faces), BATCH)]
    return {name: np.concatenate([outputs[name] for outputs in found]) for name in found[0]}


def differences(found: Outputs, expected: Outputs) -> dict[str, float]:
    """Returns the largest difference of each output; of gender the share that differs.

    Not of `unfamiliar`, which is `familiarity` below a limit that one of the faces may have set:
    there rounding decides.
    """
    assert found.keys() - {"unfamiliar"} == expected.keys()
    return {
        name: float(
            (found[name] != expected[name]).mean()
            if name == "gender"
            else np.abs(found[name] - expected[name]).max()
        )
        for name in expected
    }


def _limits(limits: Mapping[str, float], n: int) -> Mapping[str, float]:
    """Returns the limits for n faces, of which one may lie at the gender's threshold."""
    return {**limits, "gender": max(limits["gender"], 1 / n)}


def _expected(reference: TorchModel, pixels: Images) -> Outputs:
    said = reference.undecided(pixels)
    estimates = reference.decide(said)
    outputs = {
        "age": estimates.age,
        "age_low": estimates.age_low,
        "age_high": estimates.age_high,
        "posterior": said.posterior,
        "gender": estimates.gender,
        "gender_probability": estimates.male_probability,
        "familiarity": estimates.familiarity,
    }
    return {name: values for name, values in outputs.items() if values is not None}


def _refuse(found: Mapping[str, float], limits: Mapping[str, float], where: str) -> None:
    # `not <=`, because NaN is no agreement.
    faults = [
        f"{name} by {value:.3g} (limit {limits[name]:g})"
        for name, value in found.items()
        if not value <= limits[name]
    ]
    if faults:
        raise ExportError(
            f"the file differs from PyTorch {where}: {', '.join(faults)}; nothing was written. "
            "This is a fault of the exporter or of the model (NaN?): try another --format, and "
            "report it with models/model.json"
        )
