"""The seed recipe's head: one number, the age divided by age_max, and SmoothL1.

Its posterior is a point mass, shared between the two neighbouring ages so that the mean is exact;
its spread is fitted later, on the calibration part. The loss may count errors in another unit than
the output: with the seed's 100 years every error is in SmoothL1's quadratic zone
(docs/experiments/2026-11-22-gradient-balance.md).
"""

import torch
from torch import Tensor, nn

from visage.models.head import AgeHead


class Head(AgeHead):
    """Linear regression of the scaled age."""

    def __init__(
        self, width: int, *, age_max: int, label_sigma_years: float, regression_scale_years: float
    ) -> None:
        del label_sigma_years  # a number has no spread
        super().__init__()
        self.linear = nn.Linear(width, 1)
        self.age_max = age_max
        self.units = age_max / regression_scale_years

    def forward(self, features: Tensor) -> Tensor:
        """Returns scaled ages, (N,): 0 is newborn, 1 is age_max."""
        scaled: Tensor = self.linear(features).squeeze(1)
        return scaled

    def loss(self, raw: Tensor, ages: Tensor) -> Tensor:
        """Returns SmoothL1 (Huber loss, beta 1; Girshick 2015, eq. 3), (N,).

        Its unit is `regression_scale_years`: an error below it counts half its square, a larger one
        its size less 1/2. Of a range the middle is taken: where SmoothL1 is a square that is, up
        to a constant, the expected loss of an age drawn from it.
        """
        middle = ages.float().mean(dim=1) / self.age_max
        return nn.functional.smooth_l1_loss(
            raw.float() * self.units, middle * self.units, reduction="none"
        )

    def posterior(self, raw: Tensor) -> Tensor:
        """Returns point masses at the estimated ages, clamped to the grid: (N, age_max + 1)."""
        age = (raw.float() * self.age_max).clamp(0, self.age_max)
        grid = torch.arange(self.age_max + 1, device=raw.device, dtype=age.dtype)
        return (1 - (age[:, None] - grid).abs()).clamp(min=0)
