"""What the processes of one run tell each other; a process alone says nothing.

Accelerate starts them, one a device (docs/scaling.md), and makes the group that torch.distributed
speaks in. Gradients are summed behind the backward pass instead of by DistributedDataParallel, so
layers that thaw later, losses with parameters and compiled networks need nothing special.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch import distributed as group

from visage.inference.machine import Machine

T = TypeVar("T")


def sum_gradients(parameters: Iterable[nn.Parameter], *, on: Machine) -> None:
    """Puts into each gradient the sum of all processes' own."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    if on.processes == 1 or not gradients:
        return
    flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
    group.all_reduce(flat)
    parts = torch.split(flat, [gradient.numel() for gradient in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient))


def summed(values: Sequence[Tensor], *, on: Machine) -> list[Tensor]:
    """Returns the sums of scalars over all processes."""
    if on.processes == 1 or not values:
        return list(values)
    stacked = torch.stack([value.double().to(on.device) for value in values])
    group.all_reduce(stacked)
    return list(stacked.unbind())


def gathered(value: T, *, on: Machine) -> list[T]:
    """Returns what each process gave, in the order of their ranks."""
    if on.processes == 1:
        return [value]
    found: list[T | None] = [None] * on.processes
    group.all_gather_object(found, value)
    return [one for one in found if one is not None]


def any_of(flag: bool, *, on: Machine) -> bool:
    """Returns whether the flag is set in some process."""
    if on.processes == 1:
        return flag
    told = torch.tensor(float(flag), device=on.device)
    group.all_reduce(told)
    return bool(told > 0)


def share_buffers(module: nn.Module, *, on: Machine) -> None:
    """Gives the first process's buffers (statistics of batch norms) to all."""
    if on.processes == 1:
        return
    for buffer in module.buffers():
        group.broadcast(buffer, src=0)


def wait(on: Machine) -> None:
    """Returns when all processes are here."""
    if on.processes > 1:
        group.barrier()
