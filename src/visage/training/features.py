"""Features of a frozen backbone, computed once: epochs of `head_only` then take seconds.

That is exact where an image has few forms: as it is, and mirrored. A frozen backbone draws no
random numbers, because it is in evaluation mode as a whole (`optim.policy.Freezer`), dropout and
drop path included. A pool that learns is in the way: what it gives changes with every step. The
features lie in a file that is mapped into memory, so that memory does not grow with the data.
"""

import logging
import os
import time
from collections.abc import Iterator
from functools import partial
from math import prod
from tempfile import TemporaryFile

import numpy as np
import torch
from numpy.typing import NDArray

from visage.inference.machine import Machine
from visage.models.network import Network
from visage.params.train import Amp, Train
from visage.training.feed import Feed
from visage.training.precision import autocast
from visage.training.setup import TrainingData
from visage.vision.dataset import Faces
from visage.vision.loader import Batch, batches, in_order

Features = NDArray[np.float32]

_log = logging.getLogger(__name__)


def feed_for(
    data: TrainingData, *, recipe: Train, seed: int, network: Network, on: Machine
) -> Feed:
    """Returns a feed of features where they can be reused, else of images."""
    reusable = reuses_features(recipe, on=on)
    if reusable and not network.pool.learns:
        return FeatureFeed(data, recipe=recipe, seed=seed, network=network, on=on)
    if reusable:
        _log.warning(
            "The backbone is frozen, but model.pool: %s learns, and with it the features change: "
            "they are computed at every epoch. With model.pool: average they are computed once",
            network.spec.pool,
        )
    return Feed(data, recipe=recipe, seed=seed, on=on)


def reuses_features(recipe: Train, *, on: Machine) -> bool:
    """Tells whether a recipe shows a frozen backbone nothing but images and their mirror images.

    Several processes compute their shares at each epoch instead.
    """
    plain = recipe.augment in ("none", "flip") and not recipe.erase
    whole = recipe.mix.method == "none" and recipe.first_image_size is None
    return recipe.finetune == "head_only" and plain and whole and on.processes == 1


class FeatureFeed(Feed):
    """A feed whose batches hold features, (N, width), in the place of images."""

    def __init__(
        self, data: TrainingData, *, recipe: Train, seed: int, network: Network, on: Machine
    ) -> None:
        super().__init__(data, recipe=recipe, seed=seed, on=on)
        _log.warning("The backbone is frozen: its features are computed once, and then reused")
        started = time.perf_counter()
        views = 2 if recipe.augment == "flip" else 1
        read = partial(_features, network=network, on=on, batch_size=4 * recipe.batch_size)
        self._train = read(data.train, views=views, amp=recipe.amp)
        self._validation = read(data.validation, views=1, amp="off")  # as `validate` computes
        self.preparing = time.perf_counter() - started

    def training(self, epoch: int, *, after: int) -> Iterator[Batch]:
        """Yields the batches of an epoch behind the first so many."""
        draws, size = self.share(epoch, after=after), self.recipe.batch_size
        assert draws.seeds is not None
        for first in range(0, len(draws.order), size):
            rows, seeds = (some[first : first + size] for some in (draws.order, draws.seeds))
            views = np.array([self.augment.flips(seed) for seed in seeds.tolist()], np.int64)
            yield _batch(self.data.train, rows, self._train[rows, views])

    def validation(self) -> Iterator[Batch]:
        """Yields the validation part in its order."""
        rows, size = np.arange(len(self.data.validation)), 4 * self.recipe.batch_size
        for first in range(0, len(rows), size):
            some = rows[first : first + size]
            yield _batch(self.data.validation, some, self._validation[some, 0])


@torch.inference_mode()
def _features(
    data: Faces, *, views: int, amp: Amp, network: Network, on: Machine, batch_size: int
) -> Features:
    """Returns the features of images, and of their mirror images with two views: (N, V, width)."""
    network.eval()
    found = np.zeros((0, views, 0), np.float32)
    first = 0
    for batch in batches(data, in_order(data), batch_size=batch_size, workers=on.workers):
        images = batch.images.to(on.device)
        seen = [images, images.flip(-1)][:views]
        with autocast(amp, on.device):
            pooled = torch.stack([network.features(view) for view in seen], dim=1)
        some = pooled.float().cpu().numpy()
        if not len(found):
            found = _mapped((len(data), *some.shape[1:]))
        found[first : first + len(some)] = some
        first += len(some)
    return found


def _mapped(shape: tuple[int, ...]) -> Features:
    """Returns an array in a file without a name, which goes when the array does.

    Raises:
        OSError: the disk is too full, which would end the program without a word when it is filled.
    """
    with TemporaryFile(prefix="visage-features-") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, max(1, 4 * prod(shape)))
        return np.memmap(file, np.float32, "w+", shape=shape)


def _batch(data: Faces, rows: NDArray[np.int64], features: Features) -> Batch:
    return Batch(
        torch.from_numpy(np.ascontiguousarray(features)),
        torch.from_numpy(data.ages[rows]),
        torch.from_numpy(data.gender[rows]).long(),
    )
