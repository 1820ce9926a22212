"""From an image of any shape to a square: the two rules of `ingest.resize`, and the model's size.

RGB images (H, W, 3), uint8, with OpenCV and NumPy only, so that a user of an exported model gets
the very pixels of training. Shrinking averages (INTER_AREA), which keeps fine lines from
becoming moire; enlarging interpolates, and so does shrinking down to a half, where no pixel falls
between two: a sixth of the time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from visage.files.jpeg import Image

Rule = Callable[..., Image]

# Measured: docs/experiments, 2026-11-22-ingest-in-processes.md.
LINEAR_TO = 2.0  # times smaller


def letterbox(image: Image, *, size: int) -> Image:
    """Returns the image with its longest side scaled to `size`, centred on a black square.

    The aspect is kept; an odd pixel of padding goes below or to the right.
    """
    inside = placed_inside(*image.shape[:2], size=size)
    square = np.zeros((size, size, 3), np.uint8)
    square[inside.rows, inside.columns] = _resize(image, width=inside.width, height=inside.height)
    return square


@dataclass(frozen=True, slots=True)
class Inside:
    """Where an image lies in its square, pixels."""

    top: int
    left: int
    height: int
    width: int

    @property
    def rows(self) -> slice:
        """Of the square."""
        return slice(self.top, self.top + self.height)

    @property
    def columns(self) -> slice:
        """Of the square."""
        return slice(self.left, self.left + self.width)


Place = Callable[..., Inside]


def placed_inside(height: int, width: int, *, size: int) -> Inside:
    """Returns where `letterbox` puts an image of this height and width."""
    scale = size / max(height, width)
    high, wide = max(1, round(height * scale)), max(1, round(width * scale))
    return Inside((size - high) // 2, (size - wide) // 2, high, wide)


def placed_everywhere(_height: int, _width: int, *, size: int) -> Inside:
    """Returns where `stretch` puts an image: it fills the square."""
    return Inside(0, 0, size, size)


def stretch(image: Image, *, size: int) -> Image:
    """Returns the image scaled to a square of `size`, whatever its aspect."""
    return _resize(image, width=size, height=size)


RULES: Final[Mapping[str, Rule]] = {"letterbox": letterbox, "stretch": stretch}
PLACES: Final[Mapping[str, Place]] = {"letterbox": placed_inside, "stretch": placed_everywhere}


def to_model_size(image: Image, *, size: int) -> Image:
    """Returns a stored, square image at the model's size, unchanged where it has that size."""
    assert image.shape[0] == image.shape[1], "the store holds squares"
    return stretch(image, size=size)


def _resize(image: Image, *, width: int, height: int) -> Image:
    if image.shape[:2] == (height, width):
        return image
    factor = max(image.shape[1] / width, image.shape[0] / height)
    how = cv2.INTER_AREA if factor > LINEAR_TO else cv2.INTER_LINEAR
    return cv2.resize(image, (width, height), interpolation=how).astype(np.uint8, copy=False)
