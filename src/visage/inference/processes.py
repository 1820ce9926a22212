"""What the processes of one run tell each other; a process alone says nothing.

Accelerate starts them, one a device (docs/scaling.md), and makes the group that torch.distributed
speaks in. Gradients are summed behind the backward pass instead of by DistributedDataParallel, so
layers that thaw later, losses with parameters and compiled networks need nothing special
(docs/decisions/0015-several-processes.md).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch import distributed as group

from visage.errors import VisageError
from visage.inference.machine import Machine

T = TypeVar("T")


class LostProcessError(VisageError):
    """Another process of the run can't be heard any more."""


@contextmanager
def _heard() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:  # of gloo, NCCL, or the store between them
        raise LostProcessError(
            "another process of this run has ended or can't be reached"
        ) from error


def sum_gradients(parameters: Iterable[nn.Parameter], *, on: Machine) -> None:
    """Puts into each gradient the sum of all processes' own."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    if on.processes == 1 or not gradients:
        return
    flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
    with _heard():
        group.all_reduce(flat)
    parts = torch.split(flat, [gradient.numel() for gradient in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient))


def summed(values: Tensor, *, on: Machine) -> Tensor:
    """Returns the sum over all processes; gradients are summed on their way back, too."""
    if on.processes == 1:
        return values
    total: Tensor = _Sum.apply(values)
    return total


class _Sum(torch.autograd.Function):
    """What each process puts in reaches the losses of all."""

    @staticmethod
    def forward(_context: Any, values: Tensor) -> Tensor:
        return _total(values)

    @staticmethod
    def backward(_context: Any, gradient: Tensor) -> Tensor:
        return _total(gradient)


def _total(values: Tensor) -> Tensor:
    own = values.detach().clone(memory_format=torch.contiguous_format)
    with _heard():
        group.all_reduce(own)
    return own


def gathered(value: T, *, on: Machine) -> list[T]:
    """Returns what each process gave, in the order of their ranks."""
    if on.processes == 1:
        return [value]
    found: list[Any] = [None] * on.processes
    with _heard():
        group.all_gather_object(found, value)
    return found


def gathered_by_first(value: T, *, on: Machine) -> list[T]:
    """Returns what each process gave, in the order of their ranks; to the first process alone."""
    if on.processes == 1:
        return [value]
    found: list[Any] | None = [None] * on.processes if on.is_first else None
    with _heard():
        group.gather_object(value, found)
    return found or []


def any_of(flag: bool, *, on: Machine) -> bool:
    """Returns whether the flag is set in some process."""
    if on.processes == 1:
        return flag
    told = torch.tensor(float(flag), device=on.device)
    with _heard():
        group.all_reduce(told)
    return bool(told > 0)


def wait(on: Machine) -> None:
    """Returns when all processes are here."""
    if on.processes > 1:
        with _heard():
            group.barrier()
