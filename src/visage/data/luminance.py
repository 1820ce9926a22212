"""How bright, sharp, varied and coloured a picture is.

Sharpness is the variance of the Laplacian (Pech-Pacheco et al., ICPR 2000). It depends on the
size, so only pictures of one size can be compared: `ingest` measures faces as they are stored, and
`visage data check` whole photos at 128 pixels, both with these lines. A picture that was enlarged
to that size counts as blurred.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from visage.data.packed import ByValues
from visage.files.jpeg import Image

Grey = NDArray[np.uint8]  # (H, W), luminance


@dataclass(frozen=True, slots=True)
class Luminance(ByValues):
    """Of one picture: mean and deviation, levels of 0 to 255, and variance of the Laplacian."""

    brightness: float
    sharpness: float
    contrast: float


def measure(luminance: Grey) -> Luminance:
    """Returns the figures of a picture's luminance."""
    mean, deviation = cv2.meanStdDev(luminance)
    return Luminance(float(mean[0, 0]), sharpness(luminance), contrast=float(deviation[0, 0]))


def grey(image: Image) -> Grey:
    """Returns the luminance of an RGB image (ITU-R BT.601's weights)."""
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def sharpness(luminance: Grey) -> float:
    """Returns the variance of the Laplacian, whose values fit into 16 bits."""
    _, deviation = cv2.meanStdDev(cv2.Laplacian(luminance, cv2.CV_16S))
    return float(deviation[0, 0]) ** 2


def colour(image: Image) -> float:
    """Returns the mean over the pixels of the largest minus the smallest channel, levels."""
    red, green, blue = cv2.split(image)  # numpy's own extremes along the last axis take ten times
    largest, smallest = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    return float(cv2.mean(cv2.subtract(largest, smallest))[0])


def at_side(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Returns the whole image at `side` x `side` pixels."""
    smaller = min(image.shape[:2]) > side
    method = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return cv2.resize(image, (side, side), interpolation=method).astype(np.uint8, copy=False)
