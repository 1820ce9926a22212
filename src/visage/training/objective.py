"""The loss: the heads' losses, made one by a balance (balance.py).

A head's loss is the mean over the images of a batch that have its label; data sets with one label
train the head that they have labels for. A batch without any leaves the head alone.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from visage.inference.machine import Machine
from visage.inference.processes import summed
from visage.models.network import Network, Outputs
from visage.schema import Task
from visage.training.balance import Balance, TaskLoss
from visage.vision.loader import Batch


@dataclass(frozen=True)
class Losses:
    """`total` is balanced, a scalar; `age` and `gender` are not, None without the task.

    right: the share of images whose gender is told right, at 0.5; None where labels are mixed, too.
    """

    total: Tensor
    age: TaskLoss | None
    gender: TaskLoss | None
    right: TaskLoss | None = None


def losses(network: Network, outputs: Outputs, batch: Batch, *, balance: Balance) -> Losses:
    """Returns the losses of a batch."""
    age = gender = right = None
    if network.age is not None and outputs.age is not None:
        found = network.age.loss(outputs.age, batch.ages.nan_to_num())
        age = _mean(found, batch.has_age)
    if network.gender is not None and outputs.gender is not None:
        found = network.gender.loss(outputs.gender, batch.gender.clamp(min=0))
        gender = _mean(found, batch.has_gender)
        right = _mean((outputs.gender >= 0) == batch.gender, batch.has_gender)
    both = ((Task.AGE, age), (Task.GENDER, gender))
    total = balance.total({task: loss for task, loss in both if loss is not None})
    return Losses(total, age, gender, right)


def _mean(found: Tensor, known: Tensor) -> TaskLoss:
    n = known.sum()
    return TaskLoss((found * known).sum() / n.clamp(min=1), n)


class MeanLosses:
    """Means over images of losses and right answers, summed on the device, so without a wait."""

    def __init__(self) -> None:
        self.sums: dict[str, Tensor] = {}
        self.counts: dict[str, Tensor | int] = {}
        self.images = 0

    def add(self, found: Losses, images: int) -> None:
        """Counts the mean losses of a batch of so many images."""
        self.images += images
        self._add("loss", found.total, images)
        means = {"loss_age": found.age, "loss_gender": found.gender, "gender_accuracy": found.right}
        for name, mean in means.items():
            if mean is not None:
                self._add(name, mean.mean, mean.known)

    def _add(self, name: str, mean: Tensor, n: Tensor | int) -> None:
        weighted = mean.detach().float() * n
        self.sums[name] = self.sums[name] + weighted if name in self.sums else weighted
        self.counts[name] = self.counts.get(name, 0) + n

    def of_all(self, on: Machine) -> "MeanLosses":
        """Returns the means over the images of all processes."""
        if on.processes == 1:
            return self
        names = list(self.sums)
        counts = [torch.as_tensor(self.counts[name]) for name in names]
        own = [*self.sums.values(), *counts, torch.tensor(self.images)]
        *totals, images = summed(own, on=on)
        found = MeanLosses()
        found.sums = dict(zip(names, totals[: len(names)], strict=True))
        found.counts = dict(zip(names, totals[len(names) :], strict=True))
        found.images = int(images)
        return found

    def columns(self, prefix: str) -> dict[str, float]:
        """Returns the means as columns of metrics/history.csv: `<prefix>_loss`, ..."""
        return {
            f"{prefix}_{name}": float(total / torch.as_tensor(self.counts[name]).clamp(min=1))
            for name, total in self.sums.items()
        }
