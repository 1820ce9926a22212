"""Initial weights: what a source is asked for and what it gives.

A source is a module of `models/sources` with a function `initial(request) -> InitialWeights`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from visage.errors import VisageError
from visage.models.account import Account, take_stock
from visage.models.backbone import Normalisation, build


class WeightsError(VisageError):
    """The initial weights can't be had, or don't fit the backbone."""


OTHER_WAYS = {
    "hub": "init.source=hub (downloads timm's published weights; needs the network)",
    "file": "init.source=file with init.path (a .safetensors, .pth or .ckpt file on this machine)",
    "packaged": "init.source=packaged with backbone=tf_efficientnet_lite0 (ImageNet weights in a "
    "Python package)",
    "faceres": "init.source=faceres with backbone=mobilenetv1_100 (a network of faces, by npm)",
    "random": "init.source=random (no weights; needs more data and epochs)",
}


def other_ways(than: str) -> str:
    """Returns the remedies other than the source `than`, a line each."""
    return "\n".join(f"  - {text}" for source, text in OTHER_WAYS.items() if source != than)


@dataclass(frozen=True)
class WeightsRequest:
    """What params.yaml says of the initial weights; `min_matched` is a share, for `file` only."""

    backbone: str
    tag: str | None
    path: str | None
    min_matched: float
    kwargs: dict[str, Any]
    seed: int


@dataclass(frozen=True)
class InitialWeights:
    """A backbone's state and where it is from; `origin` names no place on this machine.

    `found` says what of a foreign file was taken; None where the source gives its own tensors.
    """

    state: dict[str, torch.Tensor]
    normalisation: Normalisation
    origin: str
    licence: str
    found: Account | None = None

    def summary(self) -> str:
        """Returns what a person should know before training from these weights."""
        lines = self.found.lines() if self.found else []
        return "\n  ".join([f"Initial weights: {self.origin}", *lines, f"licence: {self.licence}"])


def seeded_backbone(request: WeightsRequest) -> Any:
    """Returns the backbone as timm initialises it, drawn from the seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(request.seed)
        return build(request.backbone, kwargs=request.kwargs)


def fit(
    backbone: nn.Module,
    found: Mapping[str, torch.Tensor],
    *,
    origin: str,
    beside: Iterable[str] = (),
    min_matched: float = 1.0,
) -> Account:
    """Loads what matches of `found` into the backbone, and returns the account of it.

    beside: names of tensors that stand in the same file beside the backbone's.

    Raises:
        WeightsError: less than the share `min_matched` of the backbone's tensors matches.
    """
    account = take_stock(backbone, found, beside)
    if account.share < min_matched:
        lines = "\n  ".join(account.lines())
        raise WeightsError(
            f"{origin} does not fit the backbone: {lines}\nAt least the share {min_matched} "
            "must match. Set `backbone` to the model that these weights belong to, or "
            "(init.source=file) lower init.min_matched: what does not match then "
            "starts from random values"
        )
    wanted = backbone.state_dict()
    same = {k: v for k, v in found.items() if k in wanted and v.shape == wanted[k].shape}
    backbone.load_state_dict(same, strict=False)
    return account
