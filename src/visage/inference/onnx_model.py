"""A file of `visage export` as a face model: ONNX Runtime and NumPy, no torch.

Everything from bytes to decisions is inside the graph; its metadata say what the outputs mean.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime as ort

from visage.codes import Task
from visage.cores import own_cores
from visage.estimates import Estimates
from visage.files.hashes import sha256_file
from visage.inference.environment import whole_number
from visage.inference.face_model import FaceModelError, Images, ModelFacts
from visage.posterior.age import median_age
from visage.posterior.gender import decide_gender

BATCH: Final = 16  # faces at once: more fall out of a core's cache
METADATA: Final = "visage"  # the key under which the file says what it is, as JSON
ERRORS: Final = 3  # ONNX Runtime's number for what it is to tell
_HALF: Final = 0.5


class OnnxModel:
    """An inference session, and what the file says of itself.

    Batches run side by side, each in one thread: cores that share one batch wait for each other.
    """

    at_once = 2  # while the last batches of a call end, those of the next begin

    def __init__(self, session: Any, facts: ModelFacts) -> None:
        self.facts = facts
        self._session = session
        self._threads = threads()
        self._pool = ThreadPoolExecutor(self._threads)
        self._names = [output.name for output in session.get_outputs()]

    def __call__(self, faces: Images) -> Estimates:
        """Returns the estimates; faces: (N, S, S, 3) RGB, S = facts.image_size."""
        most = min(BATCH, -(-len(faces) // self._threads))  # a share for each, rounded up
        found = list(self._pool.map(self._run, _batches(faces, most=max(1, most))))
        outputs = {
            name: np.concatenate(values)
            for name, values in zip(self._names, zip(*found, strict=True), strict=True)
        }
        return estimates_of(outputs, self.facts)

    def _run(self, faces: Images) -> list[Any]:
        found: list[Any] = self._session.run(None, {"images": faces})
        return found


def load(path: Path, view_names: Sequence[str] | None) -> OnnxModel:
    """Returns the model in the file at `path`.

    Raises:
        FaceModelError: the file is damaged or of other origin, or holds other views.
    """
    session = open_session(path)
    facts, views = read_facts(session.get_modelmeta().custom_metadata_map, path)
    if view_names is not None and set(view_names) != set(views):
        raise FaceModelError(
            f"{path} averages the views {', '.join(views)}; write one with "
            f"{', '.join(view_names)} by `visage export --views {','.join(view_names)}`"
        )
    return OnnxModel(session, facts)


def open_session(path: Path) -> Any:
    """Returns a session on the CPU whose runs take one thread each.

    Raises:
        FaceModelError: ONNX Runtime refuses the file.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = ERRORS
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no common base
        raise FaceModelError(
            f"{path} is no model that ONNX Runtime {ort.__version__} reads: "
            f"{str(error).splitlines()[0]}; write it again with `visage export`"
        ) from error


def threads() -> int:
    """Returns `VISAGE_THREADS`; 0 or unset: the cores that this process may use.

    Raises:
        FaceModelError: the variable is no whole number.
    """
    return whole_number("VISAGE_THREADS", default=0, error=FaceModelError) or own_cores()


def read_facts(metadata: dict[str, str], path: Path) -> tuple[ModelFacts, tuple[str, ...]]:
    """Returns a file's facts and the names of the views inside.

    Raises:
        FaceModelError: the file says nothing, or something else.
    """
    try:
        value = json.loads(metadata[METADATA])
        facts = {**value["facts"], "tasks": tuple(Task(task) for task in value["facts"]["tasks"])}
        known = ModelFacts(**{**facts, "sha256": sha256_file(path), "format": "onnx"})
        return known, tuple(value["views"])
    except (KeyError, TypeError, ValueError) as error:
        raise FaceModelError(
            f"{path} does not say what it is as this visage's exports do ({error!r}); write it "
            "again with `visage export`"
        ) from error


def estimates_of(outputs: dict[str, Any], facts: ModelFacts) -> Estimates:
    """Returns the estimates in a graph's outputs, by their names; the raw probability is left out.

    The median and the gender at one half are not among them: they follow from those that are.
    """
    years = {name: outputs[name].astype(np.float64) for name in outputs if name.startswith("age")}
    estimates: dict[str, Any] = dict(years)
    if "age" in outputs:
        estimates["age_median"] = median_age(outputs["posterior"].astype(np.float64))
        estimates["age_coverage"] = facts.age_coverage
    if "gender" in outputs:
        male = outputs["gender_probability"].astype(np.float64)
        estimates["gender"] = outputs["gender"]
        estimates["gender_at_half"] = decide_gender(male, threshold=_HALF)
        estimates["male_probability"] = male
    if "familiarity" in outputs:
        estimates["familiarity"] = outputs["familiarity"].astype(np.float64)
        estimates["familiarity_limit"] = facts.familiarity_limit
    return Estimates(**estimates)


def _batches(faces: Images, *, most: int) -> Iterator[Images]:
    """Yields at least one batch, so that no faces give empty outputs, not none."""
    for first in range(0, max(1, len(faces)), most):
        yield np.ascontiguousarray(faces[first : first + most])
