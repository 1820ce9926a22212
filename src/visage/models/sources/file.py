"""Weights from a file on this machine, of any trainer: `.safetensors`, or what torch.save wrote.

The latter is unpickled weights-only, because an unknown checkpoint must not run code; what that
refuses is never loaded in another way. Of the classes that it knows not, only argparse.Namespace,
where many trainers keep their arguments, is let in: it is a bag of values without code.
"""

import argparse
import pickle
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch.serialization import get_unsafe_globals_in_checkpoint, safe_globals

from visage.files.hashes import sha256_file
from visage.models.backbone import normalisation
from visage.models.foreign import find
from visage.models.weights import (
    InitialWeights,
    WeightsError,
    WeightsRequest,
    fit,
    other_ways,
    seeded_backbone,
)

UNREADABLE = (SafetensorError, RuntimeError, EOFError, ValueError, KeyError, AttributeError)
RESAVE = (
    "python -c \"import torch; c = torch.load('{path}', map_location='cpu', weights_only=False); "
    "torch.save(c['state_dict'] if isinstance(c, dict) else c.state_dict(), 'weights.pth')\""
)


def initial(request: WeightsRequest) -> InitialWeights:
    """Returns the weights in `request.path`; what is missing there stays random, from the seed.

    Raises:
        WeightsError: no path is set, the file is missing or unreadable, or too little of it fits.
    """
    path = _existing(request.path)
    checkpoint = _read(path)
    backbone = seeded_backbone(request)
    found = find(checkpoint, backbone)
    if found is None:
        raise WeightsError(f"{path} can't be read as weights: it holds no tensors by name")
    account = fit(
        backbone,
        found.tensors,
        origin=f"{path} ({found.where()})",
        beside=found.beside,
        min_matched=request.min_matched,
    )
    return InitialWeights(
        state=backbone.state_dict(),
        normalisation=normalisation(backbone),
        origin=f"file {path.name}, sha256 {sha256_file(path)}, {found.where()}",
        licence="not stated: ask the owner of the file",
        found=account,
    )


def _existing(name: str | None) -> Path:
    if name is None:
        raise WeightsError("params.yaml: init.path: is null; init.source=file needs a file")
    path = Path(name)
    if not path.is_file():
        raise WeightsError(
            f"params.yaml: init.path: {path} is no file. Other ways:\n{other_ways('file')}"
        )
    return path


def _read(path: Path) -> object:
    try:
        if path.suffix == ".safetensors":
            return load_file(path, device="cpu")
        with safe_globals([argparse.Namespace]):
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise WeightsError(_refused(path)) from error
    except UNREADABLE as error:
        raise WeightsError(
            f"{path} can't be read as weights ({error}); give a .safetensors file, or one that "
            "torch.save wrote, with a state dict"
        ) from error


def _refused(path: Path) -> str:
    """Says what of a pickle the weights-only reader refuses, and how to take the tensors out."""
    try:
        names = ", ".join(get_unsafe_globals_in_checkpoint(path))
    except (*UNREADABLE, pickle.UnpicklingError):
        names = ""
    return (
        f"{path} can't be read as weights: it is no file of torch.save, or it asks for Python "
        f"objects besides tensors ({names or 'not named'}), which could run code. If you trust "
        "whoever made it, save its tensors alone, where the trainer's packages are installed "
        f"(`state_dict`, or the key that holds them):\n  {RESAVE.format(path=path)}"
    )
