"""From an image of any shape to a square: the two rules of `ingest.resize`, and the model's size.

RGB images (H, W, 3), uint8, with OpenCV and NumPy only, so that a user of an exported model gets
the very pixels of training. Shrinking averages (INTER_AREA), which keeps fine lines from
becoming moire; enlarging interpolates, and so does shrinking down to a half, where no pixel falls
between two: a sixth of the time.
"""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from visage.files.faces import Image

Rule = Callable[..., Image]

# Measured: docs/experiments, 2026-11-22-ingest-in-processes.md.
LINEAR_TO = 2.0  # times smaller


def letterbox(image: Image, *, size: int) -> Image:
    """Returns the image with its longest side scaled to `size`, centred on a black square.

    The aspect is kept; an odd pixel of padding goes below or to the right.
    """
    height, width = image.shape[:2]
    scale = size / max(height, width)
    inner = _resize(image, width=max(1, round(width * scale)), height=max(1, round(height * scale)))
    top, left = (size - inner.shape[0]) // 2, (size - inner.shape[1]) // 2
    square = np.zeros((size, size, 3), np.uint8)
    square[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return square


def stretch(image: Image, *, size: int) -> Image:
    """Returns the image scaled to a square of `size`, whatever its aspect."""
    return _resize(image, width=size, height=size)


RULES: Final[Mapping[str, Rule]] = {"letterbox": letterbox, "stretch": stretch}


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
