"""Safetensors: the tensors in one file, with model.json and decision.json in its header.

For visage and timm elsewhere: no code is inside, so whoever reads it builds the network. The known
faces' features are among the tensors, under names that no network has.
"""

import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from visage.export.artefact import Artefact, Outputs, Run, by_name
from visage.export.whole_path import WholePath
from visage.files.atomic import atomic_file
from visage.inference.face_model import Images
from visage.inference.familiarity import KNOWN, NEAREST, among
from visage.inference.seeing import views
from visage.models.checkpoint import build_model
from visage.models.tensors import load_tensors
from visage.posterior.decision import Decision

SUFFIX = ".safetensors"


def write(artefact: Artefact, path: Path) -> None:
    """Writes the file."""
    parts = {
        "visage": artefact.metadata,
        "model": artefact.card,
        "decision": artefact.decision.to_json(),
    }
    inside = {name: json.dumps(value, sort_keys=True) for name, value in parts.items()}
    known = artefact.whole.familiarity.score.tensors if artefact.whole.familiarity else {}
    state = {**artefact.whole.network.state_dict(), **known}
    with atomic_file(path) as temporary:
        plain = {name: tensor.contiguous() for name, tensor in state.items()}
        save_file(plain, str(temporary), metadata=inside)


def run(path: Path) -> Run:
    """Returns a function that runs a network built from the file alone."""
    with safe_open(str(path), framework="pt") as file:
        inside = {name: json.loads(text) for name, text in file.metadata().items()}
    tensors = load_tensors(path)
    weights = {name: of for name, of in tensors.items() if name not in (KNOWN, NEAREST)}
    told = inside["visage"]
    whole = WholePath(
        build_model(inside["model"], weights, where=str(path)),
        Decision.from_json(inside["decision"]),
        seen=views(told["views"]),
        resize=told["facts"]["resize"],
        familiarity=among(tensors),
    )

    def on(faces: Images) -> Outputs:
        with torch.no_grad():
            return by_name(whole.outputs, whole(torch.from_numpy(faces)))

    return on
