"""A seeded random initialisation: the embedded default, because it needs no network."""

from visage.models.backbone import normalisation
from visage.models.weights import InitialWeights, WeightsRequest, seeded_backbone


def initial(request: WeightsRequest) -> InitialWeights:
    """Returns timm's own random initialisation of the backbone, drawn from the seed."""
    backbone = seeded_backbone(request)
    return InitialWeights(
        state=backbone.state_dict(),
        normalisation=normalisation(backbone),
        origin=f"random, seed {request.seed}",
        licence="none: no weights were taken over",
    )
