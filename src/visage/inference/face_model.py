"""What a model is to those who have faces: pixels in, estimates out, whatever it runs in.

A folder `models` runs in PyTorch, a file of `visage export` in ONNX Runtime. Neither library is
imported here, so that a light installation reads faces with whichever it has.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from visage.codes import Task
from visage.errors import VisageError
from visage.estimates import Estimates

Images = NDArray[np.uint8]  # (N, S, S, 3), RGB

MODULES: Final = {  # each has a function `load(path, views)`
    "onnx": "visage.inference.onnx_model",
    "torch": "visage.inference.torch_model",
}
EXTRAS: Final = {"onnx": "onnx", "torch": "train"}
MODEL_FILES: Final = ("model.safetensors", "model.json", "decision.json")


class FaceModelError(VisageError):
    """A model is missing, incomplete, or needs what is not installed."""


@dataclass(frozen=True)
class ModelFacts:
    """What must be known of a model to use it well.

    Attributes:
        image_size: pixels, of the square faces that it takes.
        tasks: what it estimates.
        age_max: years; the age grid is 0, 1, ..., age_max.
        resize: `letterbox` or `stretch`, how a crop becomes such a square.
        margin: share of the face's square (finding/cutting.py) that was added on each side;
            None: the data set's authors cropped, and nobody has measured it.
        aligned: whether the faces were upright.
        age_coverage: share of ages that the interval promises to hold; None without age.
        gender_threshold: at this calibrated probability and above, male; None without gender.
        sha256: of the model's file.
        format: `onnx` or `torch`.
        familiarity_limit: below it a face is unlike all that the model has learnt from; None: the
            model does not tell.
    """

    image_size: int
    tasks: tuple[Task, ...]
    age_max: int
    resize: str
    margin: float | None
    aligned: bool
    age_coverage: float | None
    gender_threshold: float | None
    sha256: str
    format: str
    familiarity_limit: float | None = None


class FaceModel(Protocol):
    """A loaded model."""

    @property
    def facts(self) -> ModelFacts:
        """What the model says of itself."""
        ...

    @property
    def at_once(self) -> int:
        """How many threads may call it at the same time and gain by it."""
        ...

    def __call__(self, faces: Images) -> Estimates:
        """Returns the estimates; faces: (N, S, S, 3) RGB, S = facts.image_size."""
        ...


def load_face_model(path: Path, *, views: Sequence[str] | None = None) -> FaceModel:
    """Returns the model in an `.onnx` file, or in a folder as the pipeline writes it.

    views: to be averaged (files of inference/views); None: a file's own, or those that a folder's
    decision was fitted on.

    Raises:
        FaceModelError: there is none, it lacks a file, or what it needs is not installed.
    """
    kind = _kind(path)
    try:
        load: Callable[..., FaceModel] = import_module(MODULES[kind]).load
    except ModuleNotFoundError as error:
        if (error.name or "visage").startswith("visage"):
            raise
        raise FaceModelError(
            f"{path} needs {error.name}, which is not installed; in a checkout of visage: "
            f"pip install '.[{EXTRAS[kind]}]'"
        ) from error
    return load(path, views)


def _kind(path: Path) -> str:
    if path.is_dir():
        missing = [name for name in MODEL_FILES if not (path / name).is_file()]
        if missing:
            raise FaceModelError(
                f"{path} lacks {', '.join(missing)}; run `dvc repro`, or name an .onnx file"
            )
        return "torch"
    if not path.is_file():
        raise FaceModelError(
            f"{path}: there is no such file or folder; train one with `dvc repro`, or name an "
            ".onnx file that `visage export` wrote"
        )
    if path.suffix != ".onnx":
        raise FaceModelError(
            f"{path} is no model: name a folder with {', '.join(MODEL_FILES)}, or an .onnx file "
            "that `visage export` wrote"
        )
    return "onnx"
