"""A label as a distribution over the ages 0, 1, ..., age_max: near ages are nearly right.

Gao et al., "Label distribution learning for age", TIP 2017: a Gaussian around the labelled age. An
age in whole years is taken as spread over [age - 0.5, age + 0.5), as everywhere in visage, and an
age that is known as a range over the whole range; that flat stretch is what the Gaussian blurs. So
one formula serves both, and for a single age it differs from the plain Gaussian by less than 0.01.
"""

import torch
from torch import Tensor

SQRT_2 = 2**0.5


def label_distribution(ages: Tensor, *, age_max: int, sigma_years: float) -> Tensor:
    """Returns probabilities, (N, age_max + 1), rows sum to 1.

    Args:
        ages: (N, 2), the first and the last year that an age may have, within the grid.
        age_max: the last age of the grid.
        sigma_years: of the Gaussian.
    """
    grid = torch.arange(age_max + 1, device=ages.device, dtype=torch.float32)
    below = torch.erf((ages[:, :1].float() - 0.5 - grid) / (sigma_years * SQRT_2))
    above = torch.erf((ages[:, 1:].float() + 0.5 - grid) / (sigma_years * SQRT_2))
    heights = above - below
    return heights / heights.sum(dim=1, keepdim=True)
