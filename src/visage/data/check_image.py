"""What can be said of one photo without a model: size, colour, contrast, sharpness.

Nothing is written; what is kept are a few numbers and a small grey picture for `check_faces`.
Colour and contrast are in levels of 0 to 255; sharpness is that of `luminance`, of all
pictures at 128 pixels; a smaller one is enlarged, and so counts as blurred.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from visage.data.album import SIDE
from visage.data.fault import Fault
from visage.data.images import ImageFacts, read_original
from visage.data.luminance import at_side, colour, grey, measure
from visage.files.jpeg import Image

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
    scaled = at_side(image, SHARPNESS_SIDE)
    luminance = grey(scaled)
    measured = measure(luminance)
    return Quality(
        colour=colour(scaled),
        contrast=measured.contrast,
        sharpness=measured.sharpness,
        small=at_side(luminance, SIDE),
    )
