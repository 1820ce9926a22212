"""Which images a training sees, in which order and size: functions of (seed, epoch) alone."""

from collections.abc import Iterator
from dataclasses import replace

from visage.params.train import Train
from visage.training.setup import TrainingData
from visage.training.sizes import image_size
from visage.vision.augment import augmentation
from visage.vision.dataset import Draws
from visage.vision.loader import Batch, batches, draw, in_order


class Feed:
    """The batches of the train part and of the validation part."""

    def __init__(self, data: TrainingData, *, recipe: Train, seed: int, workers: int) -> None:
        self.data = data
        self.recipe = recipe
        self.seed = seed
        self.workers = workers
        self.augment = augmentation(recipe.augment, erase=recipe.erase)

    @property
    def batches_per_epoch(self) -> int:
        """The number of batches of an epoch; a last batch of one is left out."""
        full, rest = divmod(len(self.data.train), self.recipe.batch_size)
        return full + (rest > 1)

    @property
    def steps_per_epoch(self) -> int:
        """The number of the optimiser's steps in an epoch."""
        return -(-self.batches_per_epoch // self.recipe.accumulate)

    def batches_in_step(self, batch: int) -> int:
        """Returns how many batches make the step that `batch`, from 1, is part of.

        The last step of an epoch may have fewer than the others.
        """
        before = (batch - 1) // self.recipe.accumulate * self.recipe.accumulate
        return min(self.recipe.accumulate, self.batches_per_epoch - before)

    def ends_step(self, batch: int) -> bool:
        """Tells whether `batch`, from 1, is the last of its step."""
        return batch % self.recipe.accumulate == 0 or batch == self.batches_per_epoch

    def training(self, epoch: int, *, after: int) -> Iterator[Batch]:
        """Yields the batches of an epoch behind the first so many."""
        size = image_size(
            epoch,
            epochs=self.recipe.epochs,
            first=self.recipe.first_image_size,
            last=self.data.train.image_size,
        )
        return batches(
            replace(self.data.train, image_size=size),
            self._draws(epoch).after(after * self.recipe.batch_size),
            batch_size=self.recipe.batch_size,
            workers=self.workers,
            augment=self.augment,
            drop_single=True,
        )

    def ids(self, epoch: int, *, batch: int) -> list[str]:
        """Returns the images of a batch, from 1, by id."""
        last = batch * self.recipe.batch_size
        rows = self._draws(epoch).order[last - self.recipe.batch_size : last]
        return [self.data.train.ids[row] for row in rows]

    def validation(self) -> Iterator[Batch]:
        """Yields the validation part in its order."""
        return batches(
            self.data.validation,
            in_order(self.data.validation),
            batch_size=4 * self.recipe.batch_size,
            workers=self.workers,
        )

    def _draws(self, epoch: int) -> Draws:
        return draw(self.data.weights, seed=self.seed, epoch=epoch)
