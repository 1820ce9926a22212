"""Loaders of original files as one writes them first: what visage's loader is measured against.

Pillow opens a file, albumentations changes it, a DataLoader collates: as torchvision's ImageFolder
with a transform, and the same data set in `timm.data.create_loader`.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import albumentations as A  # noqa: N812 (the name that its users know)
import numpy as np
import torch
from albumentations.pytorch import ToTensorV2
from benchmarks.plain_augmentation import PLAIN
from PIL import Image
from timm.data.loader import create_loader
from torch.utils.data import DataLoader, Dataset
from torchvision.datasets.folder import pil_loader

from visage.params.train import Augment
from visage.preprocess.resize import letterbox
from visage.vision.augment import augmentation

Transform = Callable[[Image.Image], torch.Tensor]


class Originals(Dataset[tuple[torch.Tensor, float]]):
    """The original files, read as ImageFolder reads them, with one label."""

    def __init__(self, paths: list[Path], transform: Transform) -> None:
        self.paths = paths
        self.transform = transform

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, row: int) -> tuple[torch.Tensor, float]:
        return self.transform(pil_loader(str(self.paths[row]))), 0.0


def plain(name: Augment, *, size: int, floats: bool) -> Transform:
    """Returns the augmentation as a user of albumentations writes it.

    floats: normalised as ImageNet, (3, size, size); else bytes, as visage's loader gives.
    """
    pipeline = A.Compose([*PLAIN[name](size), *ending(floats=floats)])
    return lambda image: pipeline(image=np.asarray(image))["image"]


def own(name: Augment, *, size: int, floats: bool) -> Transform:
    """Returns visage's cheaper augmentation; floats as in `plain`."""
    augment, end = augmentation(name), A.Compose(ending(floats=floats))

    def transform(image: Image.Image) -> torch.Tensor:
        pixels = np.asarray(image)
        if image.width != image.height:
            pixels = letterbox(pixels, size=max(image.size))
        pixels = augment(pixels, int(torch.randint(2**31, ())), size=size)
        ended: torch.Tensor = end(image=pixels)["image"]
        return ended

    return transform


def ending(*, floats: bool) -> list[A.BasicTransform]:
    """Returns what makes a tensor of an image."""
    return [A.Normalize(), ToTensorV2()] if floats else [ToTensorV2()]


def by_torchvision(
    paths: list[Path], transform: Transform, *, batch_size: int, workers: int
) -> Iterable[object]:
    """Returns a plain DataLoader."""
    return DataLoader(Originals(paths, transform), batch_size, shuffle=True, num_workers=workers)


def by_timm(
    paths: list[Path], transform: Transform, *, size: int, batch_size: int, workers: int
) -> Iterable[object]:
    """Returns timm's loader, as without a GPU: its prefetcher needs one."""
    data = Originals(paths, transform)
    loader: Iterable[object] = create_loader(
        data,  # type: ignore[arg-type]  # any map-style data set with a transform
        (3, size, size),
        batch_size,
        is_training=True,
        use_prefetcher=False,
        num_workers=workers,
        persistent_workers=False,
    )
    data.transform = transform  # timm set its own; the augmentation must be the same
    return loader
