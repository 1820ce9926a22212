"""Which layers learn, and when: the policy of fine-tuning.

A policy is a module of `optim/policies` with a function `first_trained(groups, *, epoch, epochs)`:
of the backbone's groups of layers, numbered from the input, the first that is trained in an epoch.
All behind it are trained, and so are the shared layers and the heads, always.
"""

from typing import Protocol

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm as BatchNorm

from visage.models.layers import layer_groups
from visage.params.train import Train
from visage.registry import resolve


class Policy(Protocol):
    """Says where training begins."""

    def __call__(self, groups: int, *, epoch: int, epochs: int) -> int:
        """Returns a number from 0 (all is trained) to `groups` (nothing of the backbone is)."""


def policy(name: str) -> Policy:
    """Returns the policy of this name.

    Raises:
        UnknownMemberError: there is no such policy.
    """
    found: Policy = resolve("visage.optim.policies", name, "first_trained", param="train.finetune")
    return found


class Freezer:
    """Freezes the groups in front of the first that is trained, their batch norms included.

    A frozen batch norm normalises by its running statistics and leaves them alone: parameters that
    stand still below statistics that move would not be frozen at all. So is every module whose
    parameters are all frozen in evaluation mode, with all that is inside: its dropout and drop path
    are off, and a backbone that is frozen as a whole gives an image the same features always.

    After `norms_after` epochs, if it is a number, the statistics of all batch norms stand still,
    while their scales and shifts are trained on.
    """

    def __init__(
        self,
        backbone: nn.Module,
        *,
        name: str,
        frozen_stages: int,
        epochs: int,
        norms_after: int | None = None,
    ) -> None:
        self.backbone = backbone
        self.groups = layer_groups(backbone)
        self.policy = policy(name)
        self.frozen_stages = frozen_stages
        self.epochs = epochs
        self.norms_after = epochs if norms_after is None else norms_after

    @classmethod
    def of(cls, backbone: nn.Module, recipe: Train) -> "Freezer":
        """Returns the freezer that a recipe asks for."""
        return cls(
            backbone,
            name=recipe.finetune,
            frozen_stages=recipe.frozen_stages,
            epochs=recipe.epochs,
            norms_after=recipe.freeze_norms_after,
        )

    def first_trained(self, epoch: int) -> int:
        """Returns the first group that is trained in `epoch`, counted from 1."""
        first = self.policy(len(self.groups), epoch=epoch, epochs=self.epochs)
        return min(len(self.groups), max(first, self.frozen_stages))

    def frozen(self, epochs: int) -> int:
        """Returns how many of the backbone's parameters stay as they are for so many epochs."""
        names = self._frozen(min(self.first_trained(epoch + 1) for epoch in range(epochs)))
        return sum(p.numel() for name, p in self.backbone.named_parameters() if name in names)

    def _frozen(self, first: int) -> set[str]:
        """Returns the parameters in front of a group."""
        return {name for group in self.groups[:first] for name in group}

    def apply(self, epoch: int) -> None:
        """Sets what is trained in `epoch`; the backbone is in training mode before."""
        frozen = self._frozen(self.first_trained(epoch))
        for name, parameter in self.backbone.named_parameters():
            parameter.requires_grad_(name not in frozen)
        for module in self.backbone.modules():
            own = list(module.parameters())
            stands_still = epoch > self.norms_after and isinstance(module, BatchNorm)
            if stands_still or (own and not any(parameter.requires_grad for parameter in own)):
                module.eval()
