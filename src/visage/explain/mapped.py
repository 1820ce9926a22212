"""A backbone that shows its last feature map, where Grad-CAM looks.

timm's models compute `forward_head(forward_features(images))`; between the two stands a layer that
changes nothing and whose output can be watched. Maps come as (N, C, h, w), or with the channels
last (Swin, MambaOut). Transformers with tokens give no map, and where a class token is read the
last layer's other tokens have no gradient at all: these have occlusion alone.
"""

from typing import Any

import torch
from torch import Tensor, nn

from visage.errors import VisageError
from visage.models.network import Network
from visage.models.pool import channels_axis

TOLERANCE = 1e-4  # of the largest feature


class NoMapError(VisageError):
    """A backbone has no feature map that Grad-CAM could use."""


class MappedBackbone(nn.Module):
    """Computes what `backbone` computes; the output of `map` is (N, C, h, w)."""

    def __init__(self, backbone: Any) -> None:
        super().__init__()
        self.backbone = backbone
        self.map = nn.Identity()

    def forward(self, images: Tensor) -> Tensor:
        """Returns the pooled features, (N, width)."""
        return self.forward_head(self.forward_features(images))

    def forward_features(self, images: Tensor) -> Tensor:
        """Returns the last feature map as the backbone has it."""
        features = self.backbone.forward_features(images)
        axis = map_axis(features, self.backbone.num_features)
        seen: Tensor = self.map(features.movedim(axis, 1))
        return seen.movedim(1, axis)

    def forward_head(self, features: Tensor) -> Tensor:
        """Returns what the backbone makes of a feature map, (N, width)."""
        pooled: Tensor = self.backbone.forward_head(features)
        return pooled


def map_axis(features: Tensor, channels: int) -> int:
    """Returns which axis of a feature map holds its channels, 1 or 3.

    Raises:
        NoMapError: it is no map, or one of a single field.
    """
    shape = tuple(features.shape[1:])
    if len(shape) != 3 or channels not in (shape[0], shape[2]):
        raise NoMapError(f"its last features are no map: {' x '.join(map(str, shape))}")
    if features[0].numel() == channels:
        raise NoMapError("its last feature map is one field at this image size")
    return channels_axis(features, channels)


def show_map(network: Network, images: Tensor) -> nn.Module:
    """Makes the network's backbone show its map; returns the layer whose output it is.

    images: (N, 3, H, W), as the network takes them; by these is found out whether it still gives
    the same features.

    Raises:
        NoMapError: it can't; the network is as it was.
    """
    backbone = network.backbone
    with torch.no_grad():
        expected = network.features(images)
        network.backbone = mapped = MappedBackbone(backbone)
        try:
            found = network.features(images)
        except (NoMapError, AttributeError) as error:
            network.backbone = backbone
            raise NoMapError(str(error)) from error
    if not torch.allclose(found, expected, rtol=0, atol=TOLERANCE * float(expected.abs().max())):
        network.backbone = backbone
        raise NoMapError("its features are not made of its last feature map alone")
    return mapped.map
