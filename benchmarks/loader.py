"""Does training wait for its images? Measured in one run, on the same images, in turns.

    python benchmarks/loader.py --size 112 --backbone tf_efficientnet_lite0 --augment seed

Run it in a project after `dvc repro`, whose stored faces and their originals it reads. Each round
takes, one after the other, images/s of

- model: training steps on one fixed batch (nothing is read),
- training: the same steps on images read by visage's loader,
- visage: visage's loader alone,
- torchvision: a plain loader of the original files (Pillow, the same augmentation, one
  `torch.utils.data.DataLoader` with as many workers),
- timm: `timm.data.create_loader` on the original files with the same augmentation.

Printed are the medians, and the medians of the rounds' ratios: training / model (1: training never
waits), visage / torchvision and visage / timm.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
import torch
from PIL import Image
from timm.data import create_loader
from torch.utils.data import DataLoader, Dataset

from visage.files.faces import FaceStore
from visage.files.paths import FACES, INDEX
from visage.files.tables import read_table
from visage.inference.machine import Machine, machine
from visage.models.network import Network, NetworkSpec
from visage.params.data import Data
from visage.params.load import load
from visage.params.train import Train
from visage.preprocess.resize import letterbox
from visage.schema import INDEX as INDEX_SCHEMA
from visage.schema import Task
from visage.training.feed import Feed
from visage.training.progress import ProgressBar
from visage.training.setup import IMAGENET, TrainingData
from visage.training.trainer import Trainer
from visage.vision.augment import augmentation
from visage.vision.dataset import faces
from visage.vision.loader import Batch, batches, draw

AUGMENTS = ("none", "flip", "flip_crop", "face", "seed")
RATIOS = (("training", "model"), ("visage", "torchvision"), ("visage", "timm"))


class FixedFeed(Feed):
    """A feed whose epoch repeats one batch, so that nothing is read."""

    batch: Batch | None = None

    def training(self, epoch: int, *, after: int) -> Iterator[Batch]:
        """Yields the first batch that there was, again and again."""
        if self.batch is None:
            self.batch = next(super().training(epoch, after=after))
        for _ in range(self.batches_per_epoch):
            yield self.batch


class Originals(Dataset[tuple[torch.Tensor, float]]):
    """The original files as a plain data set: opened by Pillow, resized, augmented."""

    def __init__(self, paths: list[Path], *, size: int, augment: str) -> None:
        self.paths = paths
        self.size = size
        self.augment = augmentation(augment)
        self.transform: Callable[[Image.Image], torch.Tensor] = self.as_tensor

    def __len__(self) -> int:
        return len(self.paths)

    def as_tensor(self, image: Image.Image) -> torch.Tensor:
        """Returns what a network takes, (3, size, size)."""
        pixels = letterbox(np.asarray(image.convert("RGB")), size=self.size)
        pixels = self.augment(pixels, int(torch.randint(2**31, ())))
        mean, std = (torch.tensor(values).view(3, 1, 1) for values in (IMAGENET.mean, IMAGENET.std))
        return (torch.from_numpy(pixels).permute(2, 0, 1).float() / 255 - mean) / std

    def __getitem__(self, row: int) -> tuple[torch.Tensor, float]:
        return self.transform(Image.open(self.paths[row])), 0.0


def main() -> None:
    """Measures and prints."""
    asked = arguments()
    on = machine()
    measure = measurements(asked, on)
    for count in measure.values():  # the first round warms caches up
        count(0)
    rounds = [
        {name: count(number) for name, count in measure.items()}
        for number in range(1, asked.rounds + 1)
    ]
    print(
        f"{asked.images} images, {asked.size} px, {asked.backbone}, batch {asked.batch_size}, "
        f"augment {asked.augment}, {torch.get_num_threads()} torch threads, {on.workers} workers, "
        f"{asked.rounds} rounds on {on.device}"
    )
    for name in measure:
        print(f"{name:>12} {median(one[name] for one in rounds):8.1f} images/s")
    for above, below in RATIOS:
        ratios = [one[above] / one[below] for one in rounds]
        print(f"{above}/{below}: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def arguments() -> argparse.Namespace:
    """Returns the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=512)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--backbone", default="resnet18")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--augment", default="flip", choices=AUGMENTS)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    return parser.parse_args()


def measurements(asked: argparse.Namespace, on: Machine) -> dict[str, Callable[[int], float]]:
    """Returns what is measured: functions of the round to images/s."""
    table = read_table(INDEX, INDEX_SCHEMA)
    table = table[table["age"].notna()].head(asked.images)
    stored = faces(FaceStore(FACES), table, image_size=asked.size)
    data = TrainingData(stored, np.linspace(0.5, 1.5, len(stored)), stored)
    recipe = load(Train).model_copy(
        update={
            "augment": asked.augment,
            "batch_size": asked.batch_size,
            "channels_last": asked.channels_last,
        }
    )
    originals = Originals(
        [Path(load(Data).root) / path for path in table["source_path"]],
        size=asked.size,
        augment=asked.augment,
    )

    def trained(kind: type[Feed]) -> Callable[[int], float]:
        trainer = Trainer(network(asked), data, recipe=recipe, lr=1e-5, seed=0, on=on)
        trainer.feed = kind(data, recipe=recipe, seed=0, workers=on.workers)
        bar = ProgressBar(1, 1)

        def count(_round: int) -> float:
            return rate(lambda: trainer.train_epoch(bar, stepped=lambda: None), len(stored))

        return count

    def read(epoch: int) -> Iterator[Batch]:
        return batches(
            stored,
            draw(data.weights, seed=0, epoch=epoch),
            batch_size=asked.batch_size,
            workers=on.workers,
            augment=augmentation(asked.augment),
        )

    plain, timms = others(originals, batch_size=asked.batch_size, workers=on.workers)
    return {
        "model": trained(FixedFeed),
        "training": trained(Feed),
        "visage": lambda epoch: rate(lambda: exhaust(read(epoch)), len(stored)),
        "torchvision": lambda _: rate(lambda: exhaust(iter(plain)), len(stored)),
        "timm": lambda _: rate(lambda: exhaust(iter(timms)), len(stored)),
    }


def others(
    originals: Originals, *, batch_size: int, workers: int
) -> tuple[Iterable[object], Iterable[object]]:
    """Returns a plain loader of the original files, and timm's."""
    plain = DataLoader(originals, batch_size, shuffle=True, num_workers=workers)
    timms = create_loader(
        originals,
        (3, originals.size, originals.size),
        batch_size,
        is_training=True,
        use_prefetcher=False,
        num_workers=workers,
        persistent_workers=False,
    )
    originals.transform = originals.as_tensor  # timm set its own; the augmentation must be the same
    return plain, timms


def network(asked: argparse.Namespace) -> Network:
    """Returns the network, randomly initialised: values do not change the time."""
    torch.manual_seed(0)
    tasks, mlp = (Task.AGE, Task.GENDER), (512, 256)
    return Network(
        NetworkSpec(
            asked.backbone, {}, 0.0, tasks, "regression", 100, mlp, 0.3, asked.size, IMAGENET
        )
    )


def rate(run: Callable[[], object], images: int) -> float:
    """Returns images/s of `run`."""
    started = time.perf_counter()
    run()
    return images / (time.perf_counter() - started)


def exhaust(items: Iterator[object]) -> None:
    """Reads to the end."""
    for _ in items:
        pass


if __name__ == "__main__":
    main()
