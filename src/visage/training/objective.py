"""The loss: the heads' losses, made one by a balance (balance.py).

A head's loss is the mean over the images of a batch that have its label; data sets with one label
train the head that they have labels for. A batch without any leaves the head alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from visage.codes import Task
from visage.inference.machine import Machine
from visage.inference.processes import gathered, summed
from visage.models.network import Network, Outputs
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


@dataclass(frozen=True)
class Known:
    """How many images of a batch have each label, scalars.

    Of a batch that processes share, each has its part of the number in all: then the means that
    they train on, weighted by their shares, are the whole batch's, whoever has the labels.
    """

    age: Tensor
    gender: Tensor


def known(batch: Batch) -> Known:
    """Returns how many labels a batch has."""
    return Known(batch.has_age.sum(), batch.has_gender.sum())


def known_in_all(batch: Batch, *, on: Machine) -> Known:
    """Returns this process's part of the labels in the whole batch, of which it has a share."""
    own = known(batch)
    if on.processes == 1:
        return own
    images = torch.full_like(own.age, len(batch))
    age, gender, of_all = summed(torch.stack([own.age, own.gender, images]).float(), on=on)
    return Known(age * images / of_all, gender * images / of_all)


def losses(
    network: Network,
    outputs: Outputs,
    batch: Batch,
    *,
    balance: Balance,
    labelled: Known | None = None,
) -> Losses:
    """Returns the losses of a batch.

    labelled: by how many labels the sums are divided; None: by those that it has.
    """
    n = labelled or known(batch)
    age = gender = right = None
    if network.age is not None and outputs.age is not None:
        found = network.age.loss(outputs.age, batch.ages.nan_to_num())
        age = _mean(found, batch.has_age, n=n.age)
    if network.gender is not None and outputs.gender is not None:
        found = network.gender.loss(outputs.gender, batch.gender.clamp(min=0))
        gender = _mean(found, batch.has_gender, n=n.gender)
        said = outputs.gender >= 0
        right = _mean(said == batch.gender, batch.has_gender, n=n.gender)
    both = ((Task.AGE, age), (Task.GENDER, gender))
    total = balance.total({task: loss for task, loss in both if loss is not None})
    return Losses(total, age, gender, right)


def _mean(found: Tensor, has_label: Tensor, *, n: Tensor) -> TaskLoss:
    return TaskLoss((found * has_label).sum() / (n + (n == 0)), n)


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
        return MeanLosses.together(gathered(self.on_cpu(), on=on))

    @classmethod
    def together(cls, parts: Iterable["MeanLosses"]) -> "MeanLosses":
        """Returns the means over the images of all parts."""
        found = cls()
        for part in parts:
            found.images += part.images
            for name, total in part.sums.items():
                found.sums[name] = found.sums.get(name, 0) + total
                found.counts[name] = found.counts.get(name, 0) + part.counts[name]
        return found

    def on_cpu(self) -> "MeanLosses":
        """Returns the same, to be kept or sent."""
        found = MeanLosses()
        found.images = self.images
        found.sums = {name: total.cpu() for name, total in self.sums.items()}
        found.counts = {name: torch.as_tensor(n).cpu() for name, n in self.counts.items()}
        return found

    def columns(self, prefix: str) -> dict[str, float]:
        """Returns the means as columns of metrics/history.csv: `<prefix>_loss`, ..."""
        return {
            f"{prefix}_{name}": float(total / torch.as_tensor(self.counts[name]).clamp(min=1))
            for name, total in self.sums.items()
        }
