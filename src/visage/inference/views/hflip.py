"""The mirrored image: a face and its mirror image have one age and one gender."""

from torch import Tensor


def view(images: Tensor) -> Tensor:
    """Returns `images`, (N, 3, H, W), flipped left to right."""
    return images.flip(-1)
