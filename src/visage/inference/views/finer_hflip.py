"""The mirrored image, with more of its pixels: see inference/sizes.py."""

from torch import Tensor


def view(images: Tensor) -> Tensor:
    """Returns `images`, (N, 3, S, S), S larger than the model's, flipped left to right."""
    return images.flip(-1)
