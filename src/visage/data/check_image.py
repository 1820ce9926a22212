"""What can be said of one photo without a model: size, colour, contrast, sharpness.

Nothing is written; what is kept are a few numbers and a small grey picture for `check_faces`.
Colour and contrast are in levels of 0 to 255. Sharpness is the variance of the Laplacian
(Pech-Pacheco et al., ICPR 2000) of the picture at one size, so that a large photo and a small one
can be compared; a picture smaller than that is enlarged, and so counts as blurred.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from visage.data.check_faces import SIDE
from visage.data.fault import Fault
from visage.data.images import ImageFacts, read_original
from visage.files.faces import Image

SHARPNESS_SIDE = 128  # pixels


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """Numbers of one image.

    Attributes:
        colour: mean over the pixels of the largest minus the smallest channel.
        contrast: standard deviation of the luminance.
        sharpness: variance of the Laplacian at 128 x 128 pixels.
        small: (24, 24), luminance.
    """

    colour: float
    contrast: float
    sharpness: float
    small: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Examined:
    """An image that can be read, and what was found."""

    facts: ImageFacts
    quality: Quality


def examine(path: str, *, root: Path) -> Examined | Fault:
    """Returns what is found in the image at `path` below `root`, or what is wrong with it."""
    original = read_original(path, root=root)
    if isinstance(original, Fault):
        return original
    return Examined(original.facts, quality(original.image))


def quality(image: Image) -> Quality:
    """Returns the numbers of an RGB image, (H, W, 3)."""
    scaled = _at(image, SHARPNESS_SIDE)
    grey = cv2.cvtColor(scaled, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    return Quality(
        colour=_colour(scaled),
        contrast=float(grey.std()),
        sharpness=float(cv2.Laplacian(grey, cv2.CV_32F).var()),
        small=_at(grey, SIDE),
    )


def _colour(image: Image) -> float:
    red, green, blue = cv2.split(image)  # numpy's own extremes along the last axis take ten times
    largest, smallest = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    return float(cv2.subtract(largest, smallest).mean())


def _at(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Returns the whole image at `side` x `side` pixels."""
    smaller = min(image.shape[:2]) > side
    method = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return cv2.resize(image, (side, side), interpolation=method).astype(np.uint8, copy=False)
