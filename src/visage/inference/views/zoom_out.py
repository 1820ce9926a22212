"""The image a little smaller: the face may fill more of it than in training."""

from torch import Tensor

from visage.inference.framing import smaller


def view(images: Tensor) -> Tensor:
    """Returns a smaller copy in a frame of `images`, (N, 3, S, S)."""
    return smaller(images)
