"""The image without its bottom and right edge, a little larger: with zoom_in one of five crops."""

from torch import Tensor

from visage.inference.framing import part


def view(images: Tensor) -> Tensor:
    """Returns the enlarged top left part of `images`, (N, 3, S, S)."""
    return part(images, down=0, right=0)
