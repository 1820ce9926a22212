"""Weights from a file on this machine: timm's own format, `.safetensors` or `.pth`.

A `.pth` is unpickled weights-only: an unknown checkpoint must not run code.
"""

import pickle
from pathlib import Path

import torch
from safetensors import SafetensorError
from timm.models import load_state_dict

from visage.files.hashes import sha256_file
from visage.models.backbone import build, normalisation
from visage.models.weights import InitialWeights, WeightsError, WeightsRequest, fit, other_ways

UNREADABLE = (pickle.UnpicklingError, SafetensorError, RuntimeError, EOFError)


def initial(request: WeightsRequest) -> InitialWeights:
    """Returns the weights in `request.path`.

    Raises:
        WeightsError: no path is set, the file is missing or unreadable, or does not fit.
    """
    if request.path is None:
        raise WeightsError("params.yaml: init.path: is null; init.source=file needs a file")
    path = Path(request.path)
    if not path.is_file():
        raise WeightsError(
            f"params.yaml: init.path: {path} is no file. Other ways:\n{other_ways('file')}"
        )
    try:
        found = load_state_dict(str(path), device="cpu", weights_only=True)
        if not all(isinstance(value, torch.Tensor) for value in found.values()):
            raise ValueError("it holds more than tensors")
    # A list in place of a mapping is an AttributeError in timm.
    except (*UNREADABLE, AttributeError, ValueError) as error:
        raise WeightsError(
            f"{path} can't be read as weights ({error}); give a .safetensors or a .pth file with a "
            "state dict"
        ) from error
    backbone = build(request.backbone, kwargs=request.kwargs)
    fit(backbone, found, origin=str(path))
    return InitialWeights(
        state=backbone.state_dict(),
        normalisation=normalisation(backbone),
        origin=f"file {path.name}, sha256 {sha256_file(path)}",
        licence="not stated: ask the owner of the file",
    )
