"""Which images a training sees, in which order and size: functions of (seed, epoch) alone.

Several processes share each batch: its rows go to them in turn, so that steps, order and rate are
those of one process.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from visage.errors import VisageError
from visage.inference.machine import Machine
from visage.params.train import Train
from visage.training.setup import TrainingData
from visage.training.sizes import image_size
from visage.vision.augment import augmentation
from visage.vision.dataset import Draws
from visage.vision.decoded import DecodedFaces
from visage.vision.loader import Batch, batches, draw

LEAST = 2  # images of a batch: batch norm can't be trained on one


class SharingError(VisageError):
    """A batch can't be shared by this number of processes."""


class Feed:
    """The batches of the train part and of the validation part, as one process sees them.

    preparing: seconds that passed before the first batch.
    """

    preparing = 0.0

    def __init__(self, data: TrainingData, *, recipe: Train, seed: int, on: Machine) -> None:
        if recipe.batch_size % on.processes:
            raise SharingError(
                f"train.batch_size {recipe.batch_size} can't be shared evenly by {on.processes} "
                f"processes; make it a multiple of {on.processes}"
            )
        self.decoded = DecodedFaces(
            data.train.store, (*data.train.ids, *data.validation.ids), room=on.decoded_bytes
        )
        self.data = replace(
            data,
            train=replace(data.train, store=self.decoded),
            validation=replace(data.validation, store=self.decoded),
        )
        self.recipe = recipe
        self.seed = seed
        self.on = on
        self.augment = augmentation(recipe.augment, erase=recipe.erase)

    @property
    def images_per_epoch(self) -> int:
        """The number of images that an epoch draws.

        A last batch that is too small is left out: each process needs an image of it.
        """
        rest = len(self.data.train) % self.recipe.batch_size
        return len(self.data.train) - (rest if rest < max(LEAST, self.on.processes) else 0)

    @property
    def batches_per_epoch(self) -> int:
        """The number of batches of an epoch."""
        return -(-self.images_per_epoch // self.recipe.batch_size)

    @property
    def steps_per_epoch(self) -> int:
        """The number of the optimiser's steps in an epoch."""
        return -(-self.batches_per_epoch // self.recipe.accumulate)

    def images_in_batch(self, batch: int) -> int:
        """Returns how many images `batch`, from 1, has in all processes."""
        size = self.recipe.batch_size
        return min(size, self.images_per_epoch - (batch - 1) * size)

    def images_in_step(self, batch: int) -> int:
        """Returns how many images the step has, in all processes, that `batch`, from 1, is part of.

        The last step of an epoch may have fewer than the others.
        """
        size = self.recipe.batch_size * self.recipe.accumulate
        before = (batch - 1) // self.recipe.accumulate * size
        return min(size, self.images_per_epoch - before)

    def ends_step(self, batch: int) -> bool:
        """Tells whether `batch`, from 1, is the last of its step."""
        return batch % self.recipe.accumulate == 0 or batch == self.batches_per_epoch

    def training(self, epoch: int, *, after: int) -> Iterator[Batch]:
        """Yields this process's share of the batches of an epoch behind the first so many."""
        self.decoded.refresh()
        size = image_size(
            epoch,
            epochs=self.recipe.epochs,
            first=self.recipe.first_image_size,
            last=self.data.train.image_size,
        )
        return batches(
            replace(self.data.train, image_size=size),
            self.share(epoch, after=after),
            batch_size=self.recipe.batch_size // self.on.processes,
            workers=self.on.workers,
            augment=self.augment,
        )

    def share(self, epoch: int, *, after: int) -> Draws:
        """Returns this process's draws of an epoch behind the first so many batches.

        A batch's size is a multiple of the number of processes, so every so-manieth draw is right
        in each batch, the last one included.
        """
        first = after * self.recipe.batch_size + self.on.rank
        return self._draws(epoch).taken(slice(first, self.images_per_epoch, self.on.processes))

    def ids(self, epoch: int, *, batch: int) -> list[str]:
        """Returns the images of a batch, from 1, by id, in all processes."""
        last = batch * self.recipe.batch_size
        rows = self._draws(epoch).order[last - self.recipe.batch_size : last]
        return [self.data.train.ids[row] for row in rows]

    def validation(self) -> Iterator[Batch]:
        """Yields this process's share of the validation part."""
        self.decoded.refresh()
        rows = np.arange(self.on.rank, len(self.data.validation), self.on.processes)
        return batches(
            self.data.validation,
            Draws(rows),
            batch_size=4 * self.recipe.batch_size,
            workers=self.on.workers,
        )

    def _draws(self, epoch: int) -> Draws:
        return draw(self.data.weights, seed=self.seed, epoch=epoch)
