"""What of a stored image is seen, and how: mirrored, turned, cropped, in one resampling.

Places are shares of the image's side, so that a change means the same at every size; only a crop
keeps to whole stored pixels. One resampling, straight to the model's size, in place of up to three:
it costs a third and blurs once (docs/decisions/0026-augmentation-speed.md).
"""

import math
from dataclasses import dataclass
from random import Random
from typing import Final

import cv2
import numpy as np

from visage.files.jpeg import Image
from visage.preprocess.resize import LINEAR_TO, stretch, to_model_size

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Turned:
    """A turn about the middle.

    degrees: counter-clockwise. scale: of what is seen. right, down: shifts, shares of the side.
    """

    degrees: float
    scale: float = 1.0
    right: float = 0.0
    down: float = 0.0


@dataclass(frozen=True, slots=True)
class Box:
    """A part of an image, pixels."""

    left: int
    top: int
    wide: int
    high: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Ranges of a turn, each drawn uniformly, and the chance of one."""

    chance: float
    degrees: Range
    scale: Range = (1.0, 1.0)
    shift: Range = (0.0, 0.0)

    def draw(self, rng: Random) -> Turned | None:
        """Returns a turn, or None by chance."""
        if rng.random() >= self.chance:
            return None
        return Turned(
            rng.uniform(*self.degrees),
            rng.uniform(*self.scale),
            rng.uniform(*self.shift),
            rng.uniform(*self.shift),
        )


@dataclass(frozen=True, slots=True)
class Crop:
    """A random crop (Szegedy et al., CVPR 2015, section 6).

    area: its share of the image's. ratio: of its width to its height, whose logarithm is uniform.
    """

    area: Range
    ratio: Range

    def draw(self, rng: Random, *, side: int) -> Box:
        """Returns the crop of a square image, cut to the image."""
        area = rng.uniform(*self.area) * side * side
        ratio = math.exp(rng.uniform(math.log(self.ratio[0]), math.log(self.ratio[1])))
        wide = min(side, round((area * ratio) ** 0.5))
        high = min(side, round((area / ratio) ** 0.5))
        return Box(rng.randint(0, side - wide), rng.randint(0, side - high), wide, high)


@dataclass(frozen=True, slots=True)
class Geometry:
    """What may happen to an image's geometry: a turn, then a crop, then the mirror image.

    flip: the chance of the mirror image. It comes last, because it is cheapest there; all ranges
    are symmetric, so that its place changes no share.
    """

    flip: float = 0.0
    turn: Turn | None = None
    crop: Crop | None = None

    def __call__(self, image: Image, rng: Random, *, size: int) -> Image:
        """Returns a stored, square image as it is seen, (size, size, 3)."""
        flipped = self.flips(rng)
        turned = None if self.turn is None else self.turn.draw(rng)
        if turned is not None and len(image) > LINEAR_TO * turned.scale * size:
            image = to_model_size(image, size=size)  # a turn does not average
        box = None if self.crop is None else self.crop.draw(rng, side=len(image))
        seen = look(image, turned, box, size=size)
        return cv2.flip(seen, 1).astype(np.uint8, copy=False) if flipped else seen

    def flips(self, rng: Random) -> bool:
        """Draws whether the mirror image is seen; it is the first draw of an image."""
        return rng.random() < self.flip


def look(image: Image, turned: Turned | None, box: Box | None, *, size: int) -> Image:
    """Returns the crop `box` of the turned image, at `size`. Beyond its edge it is mirrored."""
    if turned is None:
        part = image if box is None else image[box.top :, box.left :][: box.high, : box.wide]
        return stretch(part, size=size)
    matrix = source_of(turned, box or Box(0, 0, len(image), len(image)), len(image), size=size)
    return cv2.warpAffine(
        image,
        matrix,
        (size, size),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT_101,
    ).astype(np.uint8, copy=False)


MIDDLE: Final = 0.5  # of a side; also from a pixel's corner to its centre


def source_of(turned: Turned, box: Box, side: int, *, size: int) -> np.ndarray:
    """Returns the matrix (2, 3) from a pixel (x, y, 1) that is seen to its place in the image.

    Three steps, in shares of the side but for the ends: pixel to its place in the crop; back from
    the shift, the turn and the scale about the middle; place to stored pixel.
    """
    wide, high = box.wide / (side * size), box.high / (side * size)  # of a pixel that is seen
    angle = math.radians(turned.degrees)
    cos, sin = math.cos(angle) / turned.scale, math.sin(angle) / turned.scale
    x = box.left / side + MIDDLE * wide - MIDDLE - turned.right  # of pixel (0, 0)
    y = box.top / side + MIDDLE * high - MIDDLE - turned.down
    return np.array(
        [
            [side * cos * wide, -side * sin * high, side * (cos * x - sin * y + MIDDLE) - MIDDLE],
            [side * sin * wide, side * cos * high, side * (sin * x + cos * y + MIDDLE) - MIDDLE],
        ]
    )
