"""The image as it is."""

from torch import Tensor


def view(images: Tensor) -> Tensor:
    """Returns `images`, (N, 3, H, W), unchanged."""
    return images
