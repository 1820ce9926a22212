"""What is read from maps: how far two agree, where one is strongest, and its picture on the face.

NumPy and OpenCV; a map is (h, w), its positive values raised the output.
"""

from itertools import product
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from visage.files.jpeg import Image, encode
from visage.preprocess.resize import stretch

Floats32 = NDArray[np.float32]

PICTURE_PIXELS: Final = 128
JPEG_QUALITY: Final = 85
LEAST_FIELDS: Final = 9  # fewer have so few orders that any agreement may be chance
NINTHS: Final = tuple(
    " ".join(dict.fromkeys(words))
    for words in product(("upper", "middle", "lower"), ("left", "middle", "right"))
)
# Both are told apart by colour-blind readers (ColorBrewer RdBu).
RAISES: Final = (178, 24, 43)
LOWERS: Final = (33, 102, 172)
_OPACITY: Final = 0.75


def agreement(cam: Floats32, occluded: Floats32) -> float | None:
    """Returns Spearman's correlation of two maps over the fields of the coarser, `cam`.

    None where it has fewer than LEAST_FIELDS, or a map is even.
    """
    coarse = _resized(occluded, cam.shape[1], cam.shape[0])
    if cam.size < LEAST_FIELDS or np.ptp(cam) == 0 or np.ptp(coarse) == 0:
        return None
    return round(float(spearmanr(cam.ravel(), coarse.ravel()).statistic), 3)


def strongest(found: Floats32) -> str:
    """Returns which ninth has the largest mean absolute value; "" where all have the same."""
    fine = np.kron(np.abs(found), np.ones((3, 3), np.float32))  # so that it can be cut in three
    height, width = found.shape
    ninths = fine.reshape(3, height, 3, width).mean(axis=(1, 3)).ravel()
    return "" if np.ptp(ninths) == 0 else NINTHS[int(ninths.argmax())]


def photo(face: Image) -> bytes:
    """Returns the face as JPEG bytes, PICTURE_PIXELS a side."""
    return encode(stretch(face, size=PICTURE_PIXELS), jpeg_quality=JPEG_QUALITY)


def overlay(face: Image, found: Floats32) -> bytes:
    """Returns JPEG bytes: the face in grey, red where it raised the output, blue where it lowered.

    The strongest place has the full colour, whatever its value: `Map.largest` says it.
    """
    grey = cv2.cvtColor(stretch(face, size=PICTURE_PIXELS), cv2.COLOR_RGB2GRAY)
    values = _resized(found, PICTURE_PIXELS, PICTURE_PIXELS)[..., None]
    opacity = _OPACITY * np.abs(values) / (np.abs(values).max() or 1)
    colour = np.where(values > 0, RAISES, LOWERS)
    mixed = grey[..., None] * (1 - opacity) + colour * opacity
    return encode(mixed.round().astype(np.uint8), jpeg_quality=JPEG_QUALITY)


def _resized(found: Floats32, width: int, height: int) -> Floats32:
    shrinks = width < found.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(found, (width, height), interpolation=how).astype(np.float32, copy=False)
