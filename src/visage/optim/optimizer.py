"""The optimiser, and the groups of parameters that have rates of their own.

Rates fall from the heads to the stem (layer-wise decay; Clark et al. 2020, Bao et al. 2022). Norms
and biases are not decayed (He et al. 2019, 3.1).
"""

from typing import Any

import torch
from torch import nn

from visage.models.layers import layer_groups
from visage.models.network import Network
from visage.params.train import Optimizer

PEAK = "peak_lr"  # of a group; a schedule takes a share of it
MOMENTUM = 0.9


def optimizer(
    name: Optimizer,
    network: Network,
    *,
    lr: float,
    weight_decay: float,
    layer_decay: float,
    head_lr_factor: float,
    others: list[nn.Parameter],
) -> torch.optim.Optimizer:
    """Returns the optimiser of all parameters.

    Args:
        name: of it; SGD has a momentum of 0.9 and looks ahead (Nesterov).
        network: its shared layers and heads learn at `lr * head_lr_factor`.
        lr: the peak rate of the backbone's last group of layers.
        weight_decay: of what has two dimensions or more.
        layer_decay: each group's rate is this share of the next one's; 1: all are equal.
        head_lr_factor: see `network`.
        others: parameters of the loss, not decayed.
    """
    groups = [
        *_groups(network, lr=lr, layer_decay=layer_decay, head_lr_factor=head_lr_factor),
        (others, lr * head_lr_factor),
    ]
    split = [
        {"params": some, "lr": rate, PEAK: rate, "weight_decay": decay}
        for parameters, rate in groups
        for some, decay in (
            ([p for p in parameters if p.ndim > 1], weight_decay),
            ([p for p in parameters if p.ndim <= 1], 0.0),
        )
        if some
    ]
    return _made(name, split)


def _groups(
    network: Network, *, lr: float, layer_decay: float, head_lr_factor: float
) -> list[tuple[list[nn.Parameter], float]]:
    named = dict(network.backbone.named_parameters())
    layers = layer_groups(network.backbone)
    behind = [p for name, p in network.named_parameters() if not name.startswith("backbone.")]
    backbone = [
        ([named[name] for name in names], lr * layer_decay ** (len(layers) - 1 - number))
        for number, names in enumerate(layers)
    ]
    if layer_decay == 1:
        backbone = [([p for some, _ in backbone for p in some], lr)]
    return [*backbone, (behind, lr * head_lr_factor)]


def _made(name: Optimizer, groups: list[dict[str, Any]]) -> torch.optim.Optimizer:
    # Fused: a quarter of the step's time on two cores.
    if name == "sgd":
        return torch.optim.SGD(groups, momentum=MOMENTUM, nesterov=True, fused=True)
    kind = torch.optim.AdamW if name == "adamw" else torch.optim.Adam
    return kind(groups, fused=True)
