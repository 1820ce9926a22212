"""What a pool is: a module of `models/pools` with a class `Pool(backbone, image_size=...)`.

It makes one feature vector an image of the fields of the backbone's last feature map. What a
backbone has behind its own pooling (ConvNeXt's norm, MobileNetV3's last convolution) stays behind
any pool, with its weights, so features have the same width under each.
"""

from abc import ABC, abstractmethod
from typing import Any

from torch import Tensor, nn

from visage.registry import resolve


class FeaturePool(nn.Module, ABC):
    """From a backbone's features to one vector an image; it learns with the heads."""

    @abstractmethod
    def forward(self, backbone: Any, images: Tensor) -> Tensor:
        """Returns the pooled features, (N, width); images: (N, 3, H, W), normalised."""

    @property
    def learns(self) -> bool:
        """Whether it has parameters: what it gives of a frozen backbone then changes."""
        return any(True for _ in self.parameters())


def feature_pool(name: str, backbone: Any, *, image_size: int) -> FeaturePool:
    """Returns the pool `name` of a new backbone; image_size: of the finished model, in pixels.

    Raises:
        UnknownMemberError: there is no such pool.
        PoolError: the backbone has nothing that it could pool.
    """
    made = resolve("visage.models.pools", name, "Pool", param="model.pool")
    pool = made(backbone, image_size=image_size)
    assert isinstance(pool, FeaturePool)
    return pool


def channels_axis(features: Tensor, channels: int) -> int:
    """Returns which axis holds the channels: 1 of (N, C, h, w), the last of others.

    timm's convolutional models and most hierarchical ones give the first, Swin and MambaOut
    (N, h, w, C), plain transformers tokens, (N, L, C).
    """
    return 1 if features.ndim == 4 and features.shape[1] == channels else features.ndim - 1
