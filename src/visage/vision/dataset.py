"""Images and labels as torch wants them: bytes (3, H, W), RGB, with age in years and gender.

An epoch is an order of rows, drawn before. The augmentation's seed is a function of (seed, epoch,
position in that order): never of a worker, and two draws of one face differ.
"""

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset, get_worker_info

from visage.files.jpeg import Image
from visage.preprocess.resize import to_model_size
from visage.vision.augment import Augmentation


class Images(Protocol):
    """Images by id: a FaceStore, or what keeps its images decoded."""

    def image(self, id_: str) -> Image:
        """Returns an RGB image, (side, side, 3)."""


@dataclass(frozen=True)
class Faces:
    """Rows of images with their labels.

    ids: N names in the store. ages: (N, 2) the first and the last year that the age may have,
    equal where it is known; NaN where there is none. gender: (N,) 0 = female, 1 = male, -1 where
    there is none.
    """

    store: Images
    ids: tuple[str, ...]
    ages: NDArray[np.float32]
    gender: NDArray[np.int8]
    image_size: int

    def __len__(self) -> int:
        return len(self.ids)


def faces(store: Images, table: pd.DataFrame, *, image_size: int) -> Faces:
    """Returns the rows of `table` (columns of schema.INDEX) with their images in `store`."""
    return Faces(
        store=store,
        ids=tuple(table["id"]),
        ages=table[["age_low", "age_high"]].to_numpy(np.float32, na_value=np.nan),
        gender=table["gender"].fillna(-1).to_numpy(np.int8),
        image_size=image_size,
    )


@dataclass(frozen=True)
class Draws:
    """What an epoch draws: order: (M,) rows; seeds: (M,) of the augmentation, None without one."""

    order: NDArray[np.int64]
    seeds: NDArray[np.int64] | None = None

    def taken(self, places: slice | NDArray[np.int64]) -> "Draws":
        """Returns the draws at some places."""
        seeds = None if self.seeds is None else self.seeds[places]
        return Draws(self.order[places], seeds)


class EpochBatches(Dataset[tuple[Tensor, Tensor, Tensor]]):
    """The batches of one epoch, by number, in the order in which their images were drawn.

    A batch is one array that its images are written into: no tensor an image, nothing to collate.
    """

    def __init__(
        self, data: Faces, draws: Draws, *, batch_size: int, augment: Augmentation | None = None
    ) -> None:
        self.data = data
        self.draws = draws
        self.batch_size = batch_size
        self.augment = augment

    def __len__(self) -> int:
        return -(-len(self.draws.order) // self.batch_size)

    def __getitem__(self, number: int) -> tuple[Tensor, Tensor, Tensor]:
        """Returns image bytes (N, 3, H, W), the ends of the ages, (N, 2) years, and genders (N,).

        Raises:
            IndexError: there is no such batch; by this a loop over the batches ends.
        """
        if number >= len(self):
            raise IndexError(number)
        first = number * self.batch_size
        places = range(first, min(first + self.batch_size, len(self.draws.order)))
        images = _empty((len(places), 3, self.data.image_size, self.data.image_size))
        for planes, place in zip(images.numpy(), places, strict=True):
            cv2.split(self._image(place), tuple(planes))  # in place; a third of copying a transpose
        rows = self.draws.order[places.start : places.stop]
        genders = self.data.gender[rows].astype(np.int64)
        return images, torch.from_numpy(self.data.ages[rows]), torch.from_numpy(genders)

    def _image(self, place: int) -> Image:
        image = self.data.store.image(self.data.ids[self.draws.order[place]])
        size = self.data.image_size
        if self.augment is None or self.draws.seeds is None:
            return to_model_size(image, size=size)
        return self.augment(image, int(self.draws.seeds[place]), size=size)


def _empty(shape: tuple[int, ...]) -> Tensor:
    """Returns room for bytes; in a worker it is shared, else sending it would copy it there."""
    room = torch.empty(shape, dtype=torch.uint8)
    return room if get_worker_info() is None else room.share_memory_()  # type: ignore[no-untyped-call]
