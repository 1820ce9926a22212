"""Initial weights: what a source is asked for and what it gives.

A source is a module of `models/sources` with a function `initial(request) -> InitialWeights`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from visage.errors import VisageError
from visage.models.backbone import Normalisation


class WeightsError(VisageError):
    """The initial weights can't be had, or don't fit the backbone."""


OTHER_WAYS = {
    "hub": "init.source=hub (downloads timm's published weights; needs the network)",
    "file": "init.source=file with init.path (a .safetensors or .pth file on this machine)",
    "packaged": "init.source=packaged with backbone=tf_efficientnet_lite0 (ImageNet weights in a "
    "Python package)",
    "random": "init.source=random (no weights; needs more data and epochs)",
}


def other_ways(than: str) -> str:
    """Returns the remedies other than the source `than`, a line each."""
    return "\n".join(f"  - {text}" for source, text in OTHER_WAYS.items() if source != than)


@dataclass(frozen=True)
class WeightsRequest:
    """What params.yaml says of the initial weights."""

    backbone: str
    tag: str | None
    path: str | None
    kwargs: dict[str, Any]
    seed: int


@dataclass(frozen=True)
class InitialWeights:
    """A backbone's state and where it is from; `origin` names no place on this machine."""

    state: dict[str, torch.Tensor]
    normalisation: Normalisation
    origin: str
    licence: str


def fit(backbone: nn.Module, found: Mapping[str, torch.Tensor], *, origin: str) -> None:
    """Loads `found` into the backbone; a classifier's tensors in `found` are left out.

    Raises:
        WeightsError: tensors of the backbone are missing in `found` or have another shape.
    """
    wanted = backbone.state_dict()
    missing = [name for name in wanted if name not in found]
    misshapen = [
        f"{name} {tuple(found[name].shape)} instead of {tuple(tensor.shape)}"
        for name, tensor in wanted.items()
        if name in found and found[name].shape != tensor.shape
    ]
    if missing or misshapen:
        raise WeightsError(
            f"{origin} does not fit the backbone: {len(wanted) - len(missing) - len(misshapen)} of "
            f"{len(wanted)} tensors match; missing: {_some(missing)}; of another shape: "
            f"{_some(misshapen)}. Set `backbone` to the model that these weights belong to"
        )
    backbone.load_state_dict({name: found[name] for name in wanted})


def _some(names: list[str]) -> str:
    return (
        ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "") or "none"
    )
