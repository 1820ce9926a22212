"""What an age head is: a module of `models/heads` with a class `Head(width, age_max=...)`.

Losses come as one number an image, so that images without a label can be left out of the mean.

Every age head yields a posterior over the ages 0, 1, ..., age_max, whatever its loss, so that
nothing behind it asks which head it was. Scaling of ages lives inside the head: no caller ever
sees a scaled age.
"""

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from visage.registry import resolve


class AgeHead(nn.Module, ABC):
    """From features (N, width) to raw outputs, from those to a loss and to a posterior."""

    @abstractmethod
    def forward(self, features: Tensor) -> Tensor:
        """Returns the raw outputs, (N, ...), in the head's own scale."""

    @abstractmethod
    def loss(self, raw: Tensor, ages: Tensor) -> Tensor:
        """Returns the losses, (N,).

        ages: (N, 2), the first and the last year that the age may have; equal where it is known.
        """

    @abstractmethod
    def posterior(self, raw: Tensor) -> Tensor:
        """Returns probabilities of the ages 0, 1, ..., age_max: (N, age_max + 1), rows sum to 1."""


class GenderHead(nn.Module):
    """One logit; its sigmoid is the probability of male (1)."""

    def __init__(self, width: int, *, pos_weight: float = 1.0) -> None:
        super().__init__()
        self.linear = nn.Linear(width, 1)
        self.pos_weight = pos_weight

    def forward(self, features: Tensor) -> Tensor:
        """Returns logits, (N,)."""
        logits: Tensor = self.linear(features).squeeze(1)
        return logits

    def loss(self, logits: Tensor, gender: Tensor) -> Tensor:
        """Returns binary cross-entropies with logits, (N,), positives (male) weighted.

        gender: (N,) 0 or 1.
        """
        weight = torch.tensor(self.pos_weight, device=logits.device)
        return nn.functional.binary_cross_entropy_with_logits(
            logits.float(), gender.float(), pos_weight=weight, reduction="none"
        )


def age_head(
    name: str,
    width: int,
    *,
    age_max: int,
    label_sigma_years: float = 2.0,
    regression_scale_years: float = 100.0,
) -> AgeHead:
    """Returns the age head `name` on features of `width`.

    label_sigma_years: the spread of a label, for losses that know of one.
    regression_scale_years: the unit of a regression's loss. Both are without effect on the
    posterior, so a model that is only used needs neither.

    Raises:
        UnknownMemberError: there is no such head.
    """
    made = resolve("visage.models.heads", name, "Head", param="model.age_head")
    head = made(
        width,
        age_max=age_max,
        label_sigma_years=label_sigma_years,
        regression_scale_years=regression_scale_years,
    )
    assert isinstance(head, AgeHead)
    return head
