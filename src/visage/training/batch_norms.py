"""Batch norms over a batch whose rows are shared by several processes.

Each takes mean and variance of the whole batch from sums over the processes, so that several train
what one does. torch.nn.SyncBatchNorm is another class, which neither runs on a CPU nor folds into
convolutions (models/folding.py); here the modules stay, and so do the names of their tensors.
"""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm as BatchNorm

from visage.inference.machine import Machine
from visage.inference.processes import summed
from visage.models.folding import activated


def share_statistics(network: nn.Module, *, on: Machine) -> None:
    """Makes batch norms in training mode see what all processes have of a batch.

    In evaluation mode they compute as before, folded ones too. Those without scale or running
    statistics, which timm's backbones do not have, stay as they are.
    """
    if on.processes == 1:
        return
    for norm in network.modules():
        if isinstance(norm, BatchNorm) and norm.affine and norm.track_running_stats:
            norm.forward = partial(_forward, norm, norm.forward, on)  # type: ignore[method-assign]


def _forward(norm: BatchNorm, alone: Callable[[Tensor], Tensor], on: Machine, x: Tensor) -> Tensor:
    return activated(norm, _normalised(norm, x, on=on)) if norm.training else alone(x)


@torch.compiler.disable  # type: ignore[untyped-decorator]
def _normalised(norm: BatchNorm, x: Tensor, *, on: Machine) -> Tensor:
    """Returns (N, C, ...) normalised by the mean and variance of each channel in all processes."""
    shape = [1, -1] + [1] * (x.dim() - 2)
    mean, var, n = _moments(x.to(norm.weight.dtype), on=on)  # more digits than mixed precision's
    _follow(norm, mean.detach(), var.detach() * (n / (n - 1)))
    scale = norm.weight * torch.rsqrt(var + norm.eps)
    shift = norm.bias - mean * scale
    return torch.addcmul(shift.view(shape), x, scale.view(shape)).to(x.dtype)


def _moments(x: Tensor, *, on: Machine) -> tuple[Tensor, Tensor, Tensor]:
    """Returns each channel's mean and variance, (C,), and of how many values, a scalar.

    In two passes, as the mean of squares less the square of the mean loses digits.
    """
    own_var, own_mean = torch.var_mean(x, [0, *range(2, x.dim())], correction=0)
    own = torch.full_like(own_mean[:1], x.numel() // x.shape[1])
    total = summed(torch.cat([own * own_mean, own]), on=on)
    n = total[-1].detach()
    mean = total[:-1] / n
    var = summed(own * (own_var + (own_mean - mean) ** 2), on=on) / n
    return mean, var, n


@torch.no_grad()
def _follow(norm: BatchNorm, mean: Tensor, var: Tensor) -> None:
    """Moves the running statistics, alike in all processes."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    assert norm.num_batches_tracked is not None
    norm.num_batches_tracked += 1
    share = 1 / int(norm.num_batches_tracked) if norm.momentum is None else norm.momentum
    norm.running_mean.lerp_(mean, share)
    norm.running_var.lerp_(var, share)
