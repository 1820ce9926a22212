"""Label distribution learning: a softmax over the ages, drawn to the label's own distribution.

Gao et al., "Age estimation using expectation of label distribution learning", IJCAI 2018: the
Kullback-Leibler divergence from the label's distribution, plus the absolute error of the expected
age. Unlike a regressed number the posterior is broad where the face is unclear, and the gradient
does not fade as ages are scaled.
"""

import torch
from torch import Tensor, nn

from visage.models.head import AgeHead
from visage.models.label_distribution import label_distribution

# An untrained head is about 15 years off; so scaled, its error is of the size of its divergence
# (about 2) and of the gender's loss (0.7).
EXPECTATION_YEARS = 10.0


class Head(AgeHead):
    """A logit for each age."""

    def __init__(
        self, width: int, *, age_max: int, label_sigma_years: float, regression_scale_years: float
    ) -> None:
        del regression_scale_years  # its losses have their own scale
        super().__init__()
        self.linear = nn.Linear(width, age_max + 1)
        self.age_max = age_max
        self.label_sigma_years = label_sigma_years

    def forward(self, features: Tensor) -> Tensor:
        """Returns logits, (N, age_max + 1)."""
        logits: Tensor = self.linear(features)
        return logits

    def loss(self, raw: Tensor, ages: Tensor) -> Tensor:
        """Returns divergence + |expected age - middle of the label| / 10 years, (N,)."""
        target = label_distribution(ages, age_max=self.age_max, sigma_years=self.label_sigma_years)
        logarithms = raw.float().log_softmax(dim=1)
        divergence = nn.functional.kl_div(logarithms, target, reduction="none").sum(dim=1)
        grid = torch.arange(self.age_max + 1, device=raw.device, dtype=torch.float32)
        error = (logarithms.exp() @ grid - ages.float().mean(dim=1)).abs()
        return divergence + error / EXPECTATION_YEARS

    def posterior(self, raw: Tensor) -> Tensor:
        """Returns the softmax, (N, age_max + 1)."""
        return raw.float().softmax(dim=1)
