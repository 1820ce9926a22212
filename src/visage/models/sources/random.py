"""A seeded random initialisation: the embedded default, because it needs no network."""

import torch

from visage.models.backbone import build, normalisation
from visage.models.weights import InitialWeights, WeightsRequest


def initial(request: WeightsRequest) -> InitialWeights:
    """Returns timm's own random initialisation of the backbone, drawn from the seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(request.seed)
        backbone = build(request.backbone, kwargs=request.kwargs)
    return InitialWeights(
        state=backbone.state_dict(),
        normalisation=normalisation(backbone),
        origin=f"random, seed {request.seed}",
        licence="none: no weights were taken over",
    )
