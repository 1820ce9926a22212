"""What may happen to an image's pixels: light, colour, noise, blur; and albumentations' others.

Each is a function of an image and a generator. The published recipe's are the calls of OpenCV
that albumentations makes, too, without what it does around them
(docs/decisions/0026-augmentation-speed.md); its ranges are kept, and tests hold ours against it.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final, Protocol

import albumentations as A  # noqa: N812 (the name that its users know)
import cv2
import numpy as np
from numpy.typing import NDArray

from visage.files.jpeg import Image

STRIP = 2**20  # values; 4 MB
LEVELS: Final = np.arange(256, dtype=np.float32)
HUES: Final = 180  # of OpenCV's circle
Range = tuple[float, float]


class Change(Protocol):
    """Something that happens to pixels by chance."""

    @property
    def chance(self) -> float:
        """That it happens."""

    def __call__(self, image: Image, rng: Random) -> Image:
        """Returns a changed image; the one that comes in stays."""


@dataclass(frozen=True, slots=True)
class Light:
    """Contrast and brightness: a factor of 1 plus and a share of white, drawn uniformly."""

    chance: float
    brightness: Range = (-0.2, 0.2)
    contrast: Range = (-0.2, 0.2)

    def __call__(self, image: Image, rng: Random) -> Image:
        """Returns the image in another light."""
        return lit(
            image,
            factor=1 + rng.uniform(*self.contrast),
            plus=255 * rng.uniform(*self.brightness),
        )


def lit(image: Image, *, factor: float, plus: float) -> Image:
    """Returns the image with its grey levels times `factor` and `plus`, rounded and clipped."""
    return cv2.addWeighted(image, factor, image, 0, plus).astype(np.uint8, copy=False)


@dataclass(frozen=True, slots=True)
class Colour:
    """Shifts of hue (half degrees), saturation and value (levels), drawn uniformly."""

    chance: float
    hue: Range = (-20, 20)
    saturation: Range = (-30, 30)
    value: Range = (-20, 20)

    def __call__(self, image: Image, rng: Random) -> Image:
        """Returns the image in other colours."""
        return coloured(
            image,
            hue=rng.uniform(*self.hue),
            saturation=rng.uniform(*self.saturation),
            value=rng.uniform(*self.value),
        )


def coloured(image: Image, *, hue: float, saturation: float, value: float) -> Image:
    """Returns the image with hue, saturation and value shifted; what is grey stays grey."""
    table = np.empty((1, 256, 3), np.uint8)
    table[0, :, 0] = np.rint(LEVELS + hue) % HUES
    table[0, :, 1] = np.rint(LEVELS + saturation).clip(0, 255)
    table[0, 0, 1] = 0
    table[0, :, 2] = np.rint(LEVELS + value).clip(0, 255)
    shifted = cv2.LUT(cv2.cvtColor(image, cv2.COLOR_RGB2HSV), table)
    return cv2.cvtColor(shifted, cv2.COLOR_HSV2RGB).astype(np.uint8, copy=False)


@dataclass(frozen=True, slots=True)
class Noise:
    """Normal noise, each pixel and channel by itself, its strength drawn for each image.

    std: the range of the standard deviation, grey levels. The noise is a stretch of one long strip
    of normal values, which starts anywhere: drawing them anew cost the most of all augmentations
    (docs/experiments, 2026-11-22-ingest-in-processes.md).
    """

    chance: float
    std: Range

    def __call__(self, image: Image, rng: Random) -> Image:
        """Returns the image with the noise added, rounded and clipped."""
        std = rng.uniform(*self.std)
        strip = normal_strip(max(STRIP, 2 ** math.ceil(math.log2(2 * image.size))))
        first = int(rng.random() * (len(strip) - image.size))
        noise = strip[first : first + image.size].reshape(image.shape) * np.float32(std)
        return cv2.add(image, noise, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


@lru_cache(maxsize=2)
def normal_strip(length: int) -> NDArray[np.float32]:
    """Returns that many normal values, always the same."""
    return np.random.default_rng(0).standard_normal(length, np.float32)


@dataclass(frozen=True, slots=True)
class Blur:
    """The mean over a square, whose side is drawn from `sides`, pixels, odd."""

    chance: float
    sides: tuple[int, ...] = (3, 5, 7)

    def __call__(self, image: Image, rng: Random) -> Image:
        """Returns the image blurred."""
        side = rng.choice(self.sides)
        return cv2.blur(image, (side, side)).astype(np.uint8, copy=False)


@dataclass(frozen=True, slots=True)
class Other:
    """A transform of albumentations, for what is rare: its calls and generators take their time.

    transform: whose own chance must be 1.
    """

    chance: float
    transform: A.ImageOnlyTransform

    def __call__(self, image: Image, rng: Random) -> Image:
        """Returns the image as the transform leaves it, who draws from `rng` alone."""
        self.transform.set_random_state(np.random.default_rng(rng.getrandbits(64)), rng)
        return np.asarray(self.transform(image=image)["image"], np.uint8)
