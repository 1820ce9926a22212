"""The loss: the sum of the heads' losses, each with a static weight (1:1 by default).

A head's loss is the mean over the images of a batch that have its label; data sets with one label
train the head that they have labels for. A batch without any leaves the head alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from visage.models.network import Network, Outputs
from visage.vision.loader import Batch


@dataclass(frozen=True)
class TaskLoss:
    """Mean loss of the `known` images of a batch that have the label, both scalars."""

    mean: Tensor
    known: Tensor


@dataclass(frozen=True)
class Losses:
    """`total` is weighted, a scalar; `age` and `gender` are not, None without the task."""

    total: Tensor
    age: TaskLoss | None
    gender: TaskLoss | None


def losses(
    network: Network, outputs: Outputs, batch: Batch, *, weights: Mapping[str, float]
) -> Losses:
    """Returns the losses of a batch; weights: factors under `age` and `gender`."""
    age = gender = None
    if network.age is not None and outputs.age is not None:
        found = network.age.loss(outputs.age, batch.ages.nan_to_num())
        age = _mean(found, batch.has_age)
    if network.gender is not None and outputs.gender is not None:
        found = network.gender.loss(outputs.gender, batch.gender.clamp(min=0))
        gender = _mean(found, batch.has_gender)
    named = (("age", age), ("gender", gender))
    weighted = [weights[name] * loss.mean for name, loss in named if loss is not None]
    return Losses(torch.stack(weighted).sum(), age, gender)


def _mean(found: Tensor, known: Tensor) -> TaskLoss:
    n = known.sum()
    return TaskLoss((found * known).sum() / n.clamp(min=1), n)


class MeanLosses:
    """The mean of losses over images, summed on the device: no wait for it at each batch."""

    def __init__(self) -> None:
        self.sums: dict[str, Tensor] = {}
        self.counts: dict[str, Tensor] = {}
        self.images = 0

    def add(self, found: Losses, images: int) -> None:
        """Counts the mean losses of a batch of so many images."""
        self.images += images
        self._add("", found.total, torch.tensor(images, device=found.total.device))
        for name, loss in (("_age", found.age), ("_gender", found.gender)):
            if loss is not None:
                self._add(name, loss.mean, loss.known)

    def _add(self, name: str, mean: Tensor, n: Tensor) -> None:
        zero = torch.zeros((), device=mean.device)
        self.sums[name] = self.sums.get(name, zero) + mean.detach().float() * n
        self.counts[name] = self.counts.get(name, zero) + n

    def columns(self, prefix: str) -> dict[str, float]:
        """Returns the means as columns of metrics/history.csv: `<prefix>_loss`, `..._age`, ..."""
        return {
            f"{prefix}_loss{name}": float(total / self.counts[name].clamp(min=1))
            for name, total in self.sums.items()
        }
