"""The exponential moving average (EMA) of the weights: smoother than the last step's.

Polyak averaging with a decay; early on it is (1 + n) / (10 + n), as TensorFlow's has it, or a short
training would keep a share of its first weights.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel


def average(network: nn.Module, *, decay: float) -> AveragedModel:
    """Returns a copy of `network` that follows it at each `update_parameters`.

    The running statistics of batch norms are averaged, too.
    """

    def follow(
        averages: Sequence[Tensor], values: Sequence[Tensor], n_averaged: Tensor | int
    ) -> None:
        if not torch.is_floating_point(averages[0]):  # batch norm's count of batches
            for mean, value in zip(averages, values, strict=True):
                mean.copy_(value)
            return
        n = int(n_averaged)
        share = min(decay, (1 + n) / (10 + n))
        torch._foreach_lerp_(list(averages), list(values), 1 - share)

    return AveragedModel(network, multi_avg_fn=follow, use_buffers=True).eval()
