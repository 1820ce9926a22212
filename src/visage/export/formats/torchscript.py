"""TorchScript: for programs in C++ or old PyTorch that have libtorch and no Python of ours.

PyTorch itself calls it deprecated; new users take ONNX.
"""

import json
import warnings
from pathlib import Path
from typing import Any

import torch

from visage.export.artefact import Artefact, Outputs, Run, by_name
from visage.files.atomic import atomic_file
from visage.inference.face_model import Images

SUFFIX = ".pt"
METADATA = "visage.json"  # the name of the file inside
NAMES = "outputs.json"
SAMPLE = (2, 40, 36, 3)


def write(artefact: Artefact, path: Path) -> None:
    """Writes the file."""
    inside = {
        METADATA: json.dumps(artefact.metadata, sort_keys=True),
        NAMES: json.dumps(artefact.whole.outputs),
    }
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # that it is deprecated, and what the tracer holds constant
        trace: Any = torch.jit.trace  # torch leaves it untyped
        traced = trace(artefact.whole, (torch.zeros(SAMPLE, dtype=torch.uint8),))
        frozen = torch.jit.freeze(traced)
        with atomic_file(path) as temporary:
            torch.jit.save(frozen, str(temporary), _extra_files=inside)


def run(path: Path) -> Run:
    """Returns a function that runs the file."""
    inside = {NAMES: ""}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        load: Any = torch.jit.load  # torch leaves it untyped
        loaded = load(str(path), _extra_files=inside)
    names = json.loads(inside[NAMES])

    def on(faces: Images) -> Outputs:
        with torch.no_grad():
            return by_name(names, loaded(torch.from_numpy(faces)))

    return on
