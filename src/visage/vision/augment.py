"""Augmentations by name; this module and `transforms` alone know albumentations.

`seed` is the recipe of the published system, with the words and default ranges of albumentations
2.0.8, the last release under MIT: its `Affine` stands for the former `ShiftScaleRotate`, and the
noise has the former default, a variance of 10 to 50 grey levels squared (2.0.8's own is a hundred
times that).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from visage.files.jpeg import Image

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")  # it would ask the network at import
import albumentations as A  # noqa: N812 (after the switch; the name that its users know)

from visage.vision.geometry import Crop, Geometry, Turn
from visage.vision.transforms import Blur, Change, Colour, Light, Noise, Other  # after it, too

NOISE_STD = (10**0.5, 50**0.5)  # grey levels
CROP: Final = Crop(area=(0.8, 1.0), ratio=(0.9, 1.1))
AFFINE: Final = Turn(chance=0.5, degrees=(-15, 15), scale=(0.9, 1.1), shift=(-0.06, 0.06))


@dataclass(frozen=True)
class Augmentation:
    """A function of a stored image (H, H, 3) and a seed to an image of the model's size.

    The result depends on the image, the seed and the size alone, whichever process calls it.
    """

    geometry: Geometry
    changes: tuple[Change, ...] = ()

    def __call__(self, image: Image, seed: int, *, size: int) -> Image:
        """Returns what is seen, (size, size, 3); each change is drawn by itself."""
        rng = Random(seed)  # noqa: S311 (no secret)
        image = self.geometry(image, rng, size=size)
        for change in self.changes:
            if rng.random() < change.chance:
                image = change(image, rng)
        return image

    def flips(self, seed: int) -> bool:
        """Tells whether a seed shows the mirror image."""
        return self.geometry.flips(Random(seed))  # noqa: S311 (no secret)


def augmentation(name: str, *, erase: float = 0.0) -> Augmentation:
    """Returns the augmentation of a name.

    Args:
        name: of SETS, as train.augment says it.
        erase: the chance of random erasing (Zhong et al. 2020) behind them.
    """
    known = SETS[name]()
    if not erase:
        return known
    erasing = A.Erasing(scale=(0.02, 0.2), fill="random_uniform", p=1.0)
    return Augmentation(known.geometry, (*known.changes, Other(erase, erasing)))


def face() -> Augmentation:
    """Returns what a photo of a face may be like: a head held askew, other light, no colours."""
    turn = Turn(chance=0.5, degrees=(-8, 8))
    grey = Other(0.1, A.ToGray(p=1.0))
    return Augmentation(Geometry(0.5, turn, CROP), (Light(0.8), grey))


def seed() -> Augmentation:
    """Returns the published recipe."""
    changes = (Light(0.5), Colour(0.3), Noise(0.2, NOISE_STD), Blur(0.2))
    return Augmentation(Geometry(0.5, AFFINE), changes)


SETS: Final[dict[str, Callable[[], Augmentation]]] = {
    "none": lambda: Augmentation(Geometry()),
    "flip": lambda: Augmentation(Geometry(0.5)),
    "flip_crop": lambda: Augmentation(Geometry(0.5, crop=CROP)),
    "face": face,
    "seed": seed,
}
