"""How the losses of the tasks become one.

`static`: fixed factors, 1:1 by default. `uncertainty`: Kendall, Gal & Cipolla, "Multi-task learning
using uncertainty to weigh losses for scene geometry and semantics", CVPR 2018. Their eq. 10, with
s = log(sigma squared) as they train it, weighs a cross-entropy by exp(-s) and a squared error by
exp(-s) / 2, and adds s / 2 for each. SmoothL1 halves its squares itself, and all other losses of
visage are cross-entropies, so the total is the sum over the tasks of exp(-s) L + s / 2.

That sum may be negative, and falls as s is learned: as train.monitor, `loss` follows s, too.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from visage.codes import Task
from visage.params.train import LossWeights, Train


@dataclass(frozen=True)
class TaskLoss:
    """Mean loss of the `known` images of a batch that have the label, both scalars."""

    mean: Tensor
    known: Tensor


class Balance(nn.Module, ABC):
    """From the tasks' losses to the loss; its parameters are trained with the network's."""

    @abstractmethod
    def total(self, losses: Mapping[Task, TaskLoss]) -> Tensor:
        """Returns the loss of a batch, a scalar; losses: of at least one task."""


class Static(Balance):
    """Fixed factors."""

    def __init__(self, weights: LossWeights) -> None:
        super().__init__()
        self.weights: dict[Task, float] = {Task.AGE: weights.age, Task.GENDER: weights.gender}

    def total(self, losses: Mapping[Task, TaskLoss]) -> Tensor:
        """Returns the weighted sum."""
        return torch.stack([self.weights[task] * loss.mean for task, loss in losses.items()]).sum()


class Uncertainty(Balance):
    """A learned logarithm of a variance for each task; from 0 on, so that it begins as 1:1."""

    def __init__(self, tasks: Collection[Task]) -> None:
        super().__init__()
        self.log_variances = nn.ParameterDict(
            {task.value: nn.Parameter(torch.zeros(())) for task in tasks}
        )

    def total(self, losses: Mapping[Task, TaskLoss]) -> Tensor:
        """Returns the sum of exp(-s) L + s / 2, of the tasks that the batch has labels of."""
        terms = [self._term(self.log_variances[task.value], loss) for task, loss in losses.items()]
        return torch.stack(terms).sum()

    def _term(self, log_variance: Tensor, loss: TaskLoss) -> Tensor:
        # A batch without labels says nothing of a variance: s / 2 alone would draw it down.
        return ((-log_variance).exp() * loss.mean + log_variance / 2) * (loss.known > 0)


def balance(recipe: Train, *, tasks: Collection[Task]) -> Balance:
    """Returns what `train.balance` names, for the tasks that are trained."""
    if recipe.balance == "uncertainty":
        return Uncertainty(tasks)
    return Static(recipe.loss_weights)
