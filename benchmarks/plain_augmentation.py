"""The sets of `train.augment` as a user of albumentations writes them: what visage's are held to.

Used by `benchmarks/loader.py` and by the tests of visage's own forms.
"""

from collections.abc import Callable, Mapping
from typing import Final

import albumentations as A  # noqa: N812 (the name that its users know)
import cv2

from visage.vision.augment import NOISE_STD

Transforms = list[A.BasicTransform]


def resized(size: int) -> Transforms:
    """Returns what brings an image to the model's size."""
    return [A.Resize(size, size)]


def flip(size: int) -> Transforms:
    """Returns `flip`."""
    return [*resized(size), A.HorizontalFlip(p=0.5)]


def flip_crop(size: int) -> Transforms:
    """Returns `flip_crop`: the crop comes at the model's size, so nothing is resized before."""
    return [A.HorizontalFlip(p=0.5), cropped(size)]


def cropped(size: int) -> A.BasicTransform:
    """Returns a random crop at the model's size."""
    return A.RandomResizedCrop((size, size), scale=(0.8, 1.0), ratio=(0.9, 1.1))


def face(size: int) -> Transforms:
    """Returns `face`."""
    return [
        A.HorizontalFlip(p=0.5),
        A.Rotate(limit=(-8, 8), border_mode=cv2.BORDER_REFLECT_101, p=0.5),
        cropped(size),
        A.RandomBrightnessContrast(p=0.8),
        A.ToGray(p=0.1),
    ]


def seed(size: int) -> Transforms:
    """Returns `seed`, the published recipe."""
    low, high = (std / 255 for std in NOISE_STD)
    return [
        *flip(size),
        A.Affine(
            translate_percent=(-0.06, 0.06),
            scale=(0.9, 1.1),
            rotate=(-15, 15),
            balanced_scale=False,
            keep_ratio=True,
            border_mode=cv2.BORDER_REFLECT_101,
            p=0.5,
        ),
        A.RandomBrightnessContrast(p=0.5),
        A.HueSaturationValue(p=0.3),
        A.GaussNoise(std_range=(low, high), p=0.2),
        A.Blur(p=0.2),
    ]


PLAIN: Final[Mapping[str, Callable[[int], Transforms]]] = {
    "none": resized,
    "flip": flip,
    "flip_crop": flip_crop,
    "face": face,
    "seed": seed,
}
