"""Images and labels as torch wants them: bytes (3, H, W), RGB, with age in years and gender.

An epoch is an order of rows, drawn before. The augmentation's seed is a function of (seed, epoch,
position in that order): never of a worker, and two draws of one face differ.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from visage.files.faces import FaceStore
from visage.preprocess.resize import to_model_size
from visage.vision.augment import Augmentation


@dataclass(frozen=True)
class Faces:
    """Rows of images with their labels.

    ids: N names in the store. ages: (N, 2) the first and the last year that the age may have,
    equal where it is known; NaN where there is none. gender: (N,) 0 = female, 1 = male, -1 where
    there is none.
    """

    store: FaceStore
    ids: tuple[str, ...]
    ages: NDArray[np.float32]
    gender: NDArray[np.int8]
    image_size: int

    def __len__(self) -> int:
        return len(self.ids)


def faces(store: FaceStore, table: pd.DataFrame, *, image_size: int) -> Faces:
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


class EpochDataset(Dataset[tuple[Tensor, Tensor, int]]):
    """The images of one epoch, in the order in which they were drawn."""

    def __init__(self, data: Faces, draws: Draws, augment: Augmentation | None = None) -> None:
        self.data = data
        self.draws = draws
        self.augment = augment

    def __len__(self) -> int:
        return len(self.draws.order)

    def __getitem__(self, position: int) -> tuple[Tensor, Tensor, int]:
        """Returns image bytes (3, H, W), the ends of the age, (2,) years, and gender."""
        row = self.draws.order[position]
        image = self.data.store.image(self.data.ids[row])
        image = to_model_size(image, size=self.data.image_size)
        if self.augment is not None and self.draws.seeds is not None:
            image = self.augment(image, int(self.draws.seeds[position]))
        pixels = torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))
        return pixels, torch.tensor(self.data.ages[row]), int(self.data.gender[row])
