"""The loss: the sum of the heads' losses, each with a static weight (1:1 by default)."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from visage.models.network import Network, Outputs
from visage.vision.loader import Batch


@dataclass(frozen=True)
class Losses:
    """Scalars; `age` and `gender` unweighted, None without the task."""

    total: Tensor
    age: Tensor | None
    gender: Tensor | None


def losses(
    network: Network, outputs: Outputs, batch: Batch, *, weights: Mapping[str, float]
) -> Losses:
    """Returns the losses of a batch; weights: factors under `age` and `gender`."""
    age = gender = None
    if network.age is not None and outputs.age is not None:
        age = network.age.loss(outputs.age, batch.age)
    if network.gender is not None and outputs.gender is not None:
        gender = network.gender.loss(outputs.gender, batch.gender)
    named = (("age", age), ("gender", gender))
    weighted = [weights[name] * loss for name, loss in named if loss is not None]
    return Losses(torch.stack(weighted).sum(), age, gender)


class MeanLosses:
    """The mean of losses over images, summed on the device: no wait for it at each batch."""

    def __init__(self) -> None:
        self.sums: dict[str, Tensor] = {}
        self.images = 0

    def add(self, found: Losses, images: int) -> None:
        """Counts the mean losses of a batch of so many images."""
        self.images += images
        for name, loss in (("", found.total), ("_age", found.age), ("_gender", found.gender)):
            if loss is not None:
                term = loss.detach().float() * images
                self.sums[name] = self.sums[name] + term if name in self.sums else term

    def columns(self, prefix: str) -> dict[str, float]:
        """Returns the means as columns of metrics/history.csv: `<prefix>_loss`, `..._age`, ..."""
        return {
            f"{prefix}_loss{name}": float(total) / self.images for name, total in self.sums.items()
        }
