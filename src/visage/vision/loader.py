"""Batches of images, read by worker processes, in an order that no worker can change."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader

from visage.vision.augment import Augmentation
from visage.vision.dataset import Draws, EpochBatches, Faces


@dataclass(frozen=True)
class Batch:
    """Images and their labels, as in `dataset.Faces`.

    images: (N, 3, H, W) bytes. ages: (N, 2) years, NaN: unknown. gender: (N,) 0, 1 or -1: unknown.
    """

    images: Tensor
    ages: Tensor
    gender: Tensor

    @property
    def has_age(self) -> Tensor:
        """Whether the age is known, (N,)."""
        return ~self.ages[:, 0].isnan()

    @property
    def has_gender(self) -> Tensor:
        """Whether the gender is known, (N,)."""
        return self.gender >= 0

    def to(self, device: torch.device) -> "Batch":
        """Returns the batch on `device`."""
        tensors = (self.images, self.ages, self.gender)
        return Batch(*(tensor.to(device, non_blocking=True) for tensor in tensors))

    def __len__(self) -> int:
        return len(self.images)


def draw(weights: NDArray[np.float64], *, seed: int, epoch: int) -> Draws:
    """Returns the draws of an epoch, as many as there are weights.

    Equal weights: each row once, shuffled. Else with replacement, in proportion to the weights:
    (N,), positive.
    """
    rng = np.random.default_rng([seed, epoch])
    n = len(weights)
    if np.ptp(weights) == 0:
        order = rng.permutation(n)
    else:
        order = rng.choice(n, size=n, p=weights / weights.sum())
    return Draws(order.astype(np.int64), rng.integers(2**31, size=n))


def in_order(data: Faces) -> Draws:
    """Returns each row once, in its order."""
    return Draws(np.arange(len(data)))


def batches(
    data: Faces,
    draws: Draws,
    *,
    batch_size: int,
    workers: int,
    augment: Augmentation | None = None,
) -> Iterator[Batch]:
    """Yields the batches of `draws`."""
    loader = DataLoader(
        EpochBatches(data, draws, batch_size=batch_size, augment=augment),
        batch_size=None,  # the items are batches
        num_workers=workers,
        worker_init_fn=_one_thread,
        pin_memory=torch.cuda.is_available(),
        generator=torch.Generator(),  # else it would draw from the one that dropout draws from
    )
    for images, ages, gender in loader:
        yield Batch(images, ages, gender)


def _one_thread(_worker: int) -> None:
    cv2.setNumThreads(0)  # the workers are the parallelism
