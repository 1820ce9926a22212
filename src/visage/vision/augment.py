"""Augmentations by name; this module and `transforms` alone know albumentations.

`seed` is the recipe of the published system. albumentations 2.0.8 is the last release under MIT;
its `Affine` stands for the former `ShiftScaleRotate`, and the noise has the former default: a
variance of 10 to 50 grey levels squared (2.0.8's own is a hundred times that).
"""

import os
import random
from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np

from visage.files.faces import Image

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")  # it would ask the network at import
import albumentations as A  # noqa: N812 (after the switch; the name that its users know)

from visage.vision.transforms import GaussNoise, ResizedCrop  # after the switch, too

Augmentation = Callable[[Image, int], Image]

Name = Literal["none", "flip", "flip_crop", "face", "seed"]

NOISE_STD = (10**0.5, 50**0.5)  # grey levels


def augmentation(name: Name, *, erase: float = 0.0) -> Augmentation:
    """Returns a function of an RGB image (H, W, 3) and a seed to an image of the same shape.

    The result depends on the image and the seed alone, whichever process calls it.

    Args:
        name: a set of transforms.
        erase: the chance of random erasing (Zhong et al. 2020) behind them.
    """
    erasing = [A.Erasing(scale=(0.02, 0.2), fill="random_uniform", p=erase)] if erase else []
    pipeline = A.Compose(_transforms()[name] + erasing)

    def augment(image: Image, seed: int) -> Image:
        # Not set_random_seed: it gives every transform a generator of the same seed, so that all
        # their chances fall together and half of the images stay as they are.
        pipeline.set_random_state(np.random.default_rng(seed), random.Random(seed))  # noqa: S311
        return np.ascontiguousarray(pipeline(image=image)["image"])

    return augment if pipeline.transforms else lambda image, _seed: image


def _transforms() -> dict[str, list[A.BasicTransform]]:
    flip = A.HorizontalFlip(p=0.5)
    affine = A.Affine(
        translate_percent=(-0.06, 0.06),
        scale=(0.9, 1.1),
        rotate=(-15, 15),
        balanced_scale=False,
        keep_ratio=True,
        border_mode=cv2.BORDER_REFLECT_101,
        p=0.5,
    )
    colour = [A.RandomBrightnessContrast(p=0.5), A.HueSaturationValue(p=0.3)]
    crop = ResizedCrop(area=(0.8, 1.0), ratio=(0.9, 1.1), p=1.0)
    turn = A.Rotate(limit=(-8, 8), border_mode=cv2.BORDER_REFLECT_101, p=0.5)
    light = A.RandomBrightnessContrast(p=0.8)
    damage = [GaussNoise(std_range=NOISE_STD, p=0.2), A.Blur(p=0.2)]
    return {
        "none": [],
        "flip": [flip],
        "flip_crop": [flip, crop],
        "face": [flip, turn, crop, light, A.ToGray(p=0.1)],
        "seed": [flip, affine, *colour, *damage],
    }
