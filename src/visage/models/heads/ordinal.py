"""CORN: for each age k the probability that a person is older than k, given older than k - 1.

Shi, Cao & Raschka, "Deep neural networks for rank-consistent ordinal regression based on
conditional probabilities", 2021 (arXiv:2111.08851). A task is trained on its conditional subset:
the people who are older than k - 1. An image's binary cross-entropies sum to -log P(its age), by
the chain rule; the paper divides a batch's sum by its number of (image, task) pairs, here every
image's by a constant. Their mean over an image's own tasks would be another loss, in which the one
task of a newborn weighs as much as the 91 of a ninety-year-old; it was much worse
(docs/experiments/2026-11-22-gradient-balance.md).
"""

import torch
from torch import Tensor, nn

from visage.models.head import AgeHead

# A trained head's cross-entropy is about 3; so divided, it is of the size of the gender's loss, and
# its gradient is of the size of the gender's from the start on (same page).
CROSS_ENTROPY_UNIT = 4.0


class Head(AgeHead):
    """A logit of P(age > k | age > k - 1) for each k = 0, 1, ..., age_max - 1."""

    def __init__(
        self, width: int, *, age_max: int, label_sigma_years: float, regression_scale_years: float
    ) -> None:
        del label_sigma_years, regression_scale_years  # a label is one age, or equally each of some
        super().__init__()
        self.linear = nn.Linear(width, age_max)
        self.age_max = age_max

    def forward(self, features: Tensor) -> Tensor:
        """Returns logits of the conditional probabilities, (N, age_max)."""
        logits: Tensor = self.linear(features)
        return logits

    def loss(self, raw: Tensor, ages: Tensor) -> Tensor:
        """Returns the sums of an image's binary cross-entropies, / 4, (N,).

        Of a range it is the expected loss of an age drawn from it, as for the other heads.
        """
        older, reached = self._label_survival(ages)
        logits = raw.float()
        stays = older * nn.functional.logsigmoid(logits)
        ends = (reached - older) * nn.functional.logsigmoid(-logits)
        return -(stays + ends).sum(dim=1) / CROSS_ENTROPY_UNIT

    def _label_survival(self, ages: Tensor) -> tuple[Tensor, Tensor]:
        """Returns P(label > k) and P(label > k - 1), (N, age_max), of labels evenly in the range.

        The second is whether the image is in the task's conditional subset. As in
        label_distribution a whole year is [age - 0.5, age + 0.5).
        """
        first, last = ages[:, :1].float(), ages[:, 1:].float()
        grid = torch.arange(-1, self.age_max, device=ages.device, dtype=torch.float32)
        survival = ((last - grid) / (last - first + 1)).clamp(0, 1)
        return survival[:, 1:], survival[:, :-1]

    def posterior(self, raw: Tensor) -> Tensor:
        """Returns P(age > k - 1) P(age <= k | age > k - 1), (N, age_max + 1), in logarithms."""
        none = raw.new_zeros((len(raw), 1), dtype=torch.float32)
        logits = raw.float()
        reached = torch.cat([none, nn.functional.logsigmoid(logits).cumsum(dim=1)], dim=1)
        ends = torch.cat([nn.functional.logsigmoid(-logits), none], dim=1)  # none outlives age_max
        return (reached + ends).exp()
