"""What is to be written, the same for every format: the whole path and what is said of it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from visage import __version__
from visage.errors import VisageError
from visage.export.whole_path import WholePath
from visage.files.jsons import read_json
from visage.files.paths import FINGERPRINT
from visage.inference.face_model import Images
from visage.inference.torch_model import Trained, read_trained
from visage.models.checkpoint import GENDER_CODING
from visage.posterior.decision import Decision

logger = logging.getLogger(__name__)

Outputs = Mapping[str, NDArray[Any]]  # by the names of WholePath.outputs
Run = Callable[[Images], Outputs]  # an exported file: (N, H, W, 3) RGB bytes in

MEANING: Final = {
    "age": "years, the posterior's mean",
    "age_low": "years, lower end of the interval that holds facts.age_coverage of true ages",
    "age_high": "years, upper end of that interval",
    "posterior": "probabilities of the ages 0, 1, ..., facts.age_max years",
    "gender": "class, by facts.gender_threshold",
    "gender_probability": "calibrated probability of male",
    "familiarity": "mean cosine to the nearest training faces' features, -1 to 1",
    "unfamiliar": "whether familiarity is below facts.familiarity_limit: the training had no faces "
    "like this one, so don't rely on the other outputs",
}


class ExportError(VisageError):
    """A model can't be exported, or what was written is not what was trained."""


@dataclass(frozen=True)
class Artefact:
    """A model, ready to be written.

    Attributes:
        whole: from bytes to decisions.
        metadata: what the file says of itself; JSON values.
        card: model.json.
        decision: as fitted.
    """

    whole: WholePath
    metadata: dict[str, Any]
    card: dict[str, Any]
    decision: Decision


def read_artefact(folder: Path, *, view_names: Sequence[str] | None) -> Artefact:
    """Returns the model in `folder`, averaged over these views; raises as `read_trained` does.

    view_names: None: the views that the decision was fitted on.

    Raises:
        ExportError: the fingerprint is of another training.
    """
    trained = read_trained(folder, view_names=view_names)
    whole = WholePath(
        trained.network,
        trained.decision,
        seen=trained.views,
        resize=trained.facts.resize,
        familiarity=trained.familiarity,
    )
    told = metadata(trained, whole.outputs, inputs=_inputs(folder / FINGERPRINT.name, trained.card))
    return Artefact(whole, told, trained.card, trained.decision)


def _inputs(path: Path, card: Mapping[str, Any]) -> dict[str, str]:
    """Returns the hashes of what the training was made of; without the file, none."""
    if not path.is_file():
        logger.warning(
            "%s is missing: the export will not say what data the model learnt from; copy it "
            "beside the model, or run `dvc repro`",
            path,
        )
        return {}
    found = read_json(path)
    if found["fingerprint"] != card.get("fingerprint"):
        raise ExportError(f"{path} is of another training than model.json; run `dvc repro`")
    inputs: dict[str, str] = found["inputs"]
    return inputs


def metadata(
    trained: Trained, outputs: Sequence[str], *, inputs: Mapping[str, str]
) -> dict[str, Any]:
    """Returns what a file says of itself.

    inputs: hashes of what the training was made of, as in fingerprint.json.
    """
    init, shape = trained.card.get("init", {}), ["N", "H", "W", 3]
    return {
        "facts": asdict(trained.facts),
        "views": [view.name for view in trained.views],
        "input": {"images": {"dtype": "uint8", "shape": shape, "colours": "RGB, 0 to 255"}},
        "outputs": {name: MEANING[name] for name in outputs},
        "classes": {"gender": {str(code): name for name, code in GENDER_CODING.items()}},
        "backbone": trained.card["backbone"],
        "licence": {
            "visage": "MIT",
            "initial weights": init.get("licence"),
            "origin of the initial weights": init.get("origin"),
        },
        "hashes": {**inputs, "fingerprint": trained.card.get("fingerprint")},
        "versions": {**trained.card.get("versions", {}), "visage": __version__},
    }


def by_name(names: Sequence[str], values: Sequence[Any]) -> Outputs:
    """Returns outputs by their names, as NumPy arrays."""
    return {name: np.asarray(value) for name, value in zip(names, values, strict=True)}
