"""`posterior.views` and `posterior.estimate` as tensor arithmetic, in double precision as there.

NumPy's version is the reference: it evaluates, and this one is held against it
(tests/unit/export/test_decisions.py).
"""

import torch
from torch import Tensor, nn

from visage.export.interval import age_interval
from visage.inference.familiarity import Familiarity
from visage.posterior.decision import Decision, DecisionError
from visage.posterior.gender import EDGE


class AgeDecision(nn.Module):
    """From posteriors of each view to an age and its interval."""

    def __init__(self, decision: Decision, *, age_max: int) -> None:
        super().__init__()
        if decision.age_intervals is None:
            raise DecisionError("models/decision.json has nothing on ages; run `dvc repro`")
        self.intervals = decision.age_intervals
        self.age_max = age_max

    def forward(self, posteriors: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Returns age, its interval's ends, (N,), and posterior, (N, A); posteriors: (V, N, A)."""
        mean = posteriors.double().mean(dim=0)
        posterior = mean / mean.sum(dim=1, keepdim=True)
        age = posterior @ torch.arange(self.age_max + 1, dtype=torch.float64)
        low, high = age_interval(posterior, age, intervals=self.intervals)
        return age.float(), low.float(), high.float(), posterior.float()


class GenderDecision(nn.Module):
    """From probabilities of male of each view to a gender and a calibrated probability."""

    def __init__(self, decision: Decision) -> None:
        super().__init__()
        if decision.gender_temperature is None or decision.gender_threshold is None:
            raise DecisionError("models/decision.json has nothing on genders; run `dvc repro`")
        self.temperature = decision.gender_temperature
        self.threshold = decision.gender_threshold

    def forward(self, probabilities: Tensor) -> tuple[Tensor, Tensor]:
        """Returns gender and the probability of male, (N,); probabilities: (V, N)."""
        inside = probabilities.double().mean(dim=0).clamp(EDGE, 1 - EDGE)
        logits = inside.log() - (1 - inside).log()
        male = torch.sigmoid(logits / self.temperature)
        return (male >= self.threshold).long(), male.float()


class FamiliarityDecision(nn.Module):
    """From features of images as they are to whether the training had any like them."""

    def __init__(self, decision: Decision, familiarity: Familiarity) -> None:
        super().__init__()
        if decision.familiarity_limit is None:
            raise DecisionError("models/decision.json has no limit of familiarity; run `dvc repro`")
        self.limit = decision.familiarity_limit
        self.score = familiarity

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Returns familiarity and whether it is below the limit, (N,); features: (N, W)."""
        score = self.score(features)
        return score, torch.logical_not(score >= self.limit)
