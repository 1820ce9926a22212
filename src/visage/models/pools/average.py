"""The backbone's own pooling: of most the average over the fields of the last feature map."""

from typing import Any

from torch import Tensor

from visage.models.pool import FeaturePool


class Pool(FeaturePool):
    """Leaves all to the backbone."""

    def __init__(self, backbone: Any, *, image_size: int) -> None:
        del backbone, image_size  # nothing has to be fitted to them
        super().__init__()

    def forward(self, backbone: Any, images: Tensor) -> Tensor:
        """Returns what the backbone makes of the images, (N, width)."""
        pooled: Tensor = backbone(images)
        return pooled
