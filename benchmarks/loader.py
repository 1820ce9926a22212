"""Does training wait for its images? Measured in one run, on the same images, in turns.

    python -m benchmarks.loader --size 112 --backbone tf_efficientnet_lite0 --augment seed

Run it in a project after `dvc repro`, whose stored faces and their originals it reads, with as many
readers as VISAGE_WORKERS says on all sides. Each round takes, one after the other (`--only` some),

- model: training steps on one fixed batch (nothing is read),
- training: the same steps on images read by visage's loader,
- visage: visage's loader alone in later epochs, when the images that fit into VISAGE_DECODED_MB are
  decoded; `first epoch`: when none is; `visage floats`: and normalised on the CPU,
- torchvision: a plain loader of the original files, with the augmentation as a user of
  albumentations writes it, normalised; `bytes`: without that, as visage gives them; `own`: with
  visage's augmentation in its place,
- timm: `timm.data.create_loader` with the same data set.

Printed are the medians of images/s and of CPU ms an image, the readers' included, and the medians
[least, largest] of the rounds' ratios of images/s and of CPU time: training / model (1: training
never waits), and how many times as fast visage's loader is. On a busy machine trust the CPU time.
"""

import argparse
import os
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median

import numpy as np
import torch
from benchmarks.plain_loaders import by_timm, by_torchvision, own, plain

from visage.codes import Task
from visage.files.faces import FaceStore
from visage.files.paths import FACES, INDEX
from visage.files.tables import read_table
from visage.inference.machine import Machine, machine
from visage.models.network import Network, NetworkSpec
from visage.params.data import Data
from visage.params.load import load
from visage.params.train import Train
from visage.schema import INDEX as INDEX_SCHEMA
from visage.training.feed import Feed
from visage.training.progress import ProgressBar
from visage.training.setup import IMAGENET, TrainingData
from visage.training.trainer import Trainer
from visage.vision.augment import augmentation
from visage.vision.dataset import Faces, faces
from visage.vision.decoded import DecodedFaces
from visage.vision.loader import Batch, batches, draw

AUGMENTS = ("none", "flip", "flip_crop", "face", "seed")
TRAINED = ("model", "training")
OURS = ("visage", "first epoch", "visage floats")
PLAIN = ("torchvision", "torchvision own", "timm")
ALL = (*TRAINED, *OURS, *PLAIN, *(f"{name} bytes" for name in PLAIN))
Run = Callable[[int], object]  # of the round's number


@dataclass(frozen=True)
class Cost:
    """Seconds an image."""

    wall: float
    cpu: float


class FixedFeed(Feed):
    """A feed whose epoch repeats one batch, so that nothing is read."""

    batch: Batch | None = None

    def training(self, epoch: int, *, after: int) -> Iterator[Batch]:
        """Yields the first batch that there was, again and again."""
        if self.batch is None:
            self.batch = next(super().training(epoch, after=after))
        for _ in range(self.batches_per_epoch):
            yield self.batch


def main() -> None:
    """Measures and prints."""
    asked, on = arguments(), machine()
    table = read_table(INDEX, INDEX_SCHEMA)
    table = table[table["age"].notna()].head(asked.images)
    stored = faces(FaceStore(FACES), table, image_size=asked.size)
    paths = [Path(load(Data).root) / path for path in table["source_path"]]
    runs = {
        **(trained(stored, asked, on) if set(TRAINED) & set(asked.only) else {}),
        **read_by_visage(stored, asked, on),
        **read_by_others(paths, asked, on),
    }
    runs = {name: run for name, run in runs.items() if name in asked.only}
    for run in runs.values():  # the first round warms caches up
        run(0)
    rounds = [
        {name: cost(run, number, images=len(stored)) for name, run in runs.items()}
        for number in range(1, asked.rounds + 1)
    ]
    print(
        f"{len(stored)} images, {asked.size} px, {asked.backbone}, batch {asked.batch_size}, "
        f"augment {asked.augment}, {torch.get_num_threads()} torch threads, {on.workers} workers, "
        f"{asked.rounds} rounds on {on.device}, load {os.getloadavg()[0]:.1f}"
    )
    report(rounds)


def arguments() -> argparse.Namespace:
    """Returns the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=512)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--backbone", default="resnet18")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--augment", default="flip", choices=AUGMENTS)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--only", nargs="+", default=ALL, choices=ALL, metavar="NAME")
    parser.add_argument("--rounds", type=int, default=7)
    return parser.parse_args()


def trained(stored: Faces, asked: argparse.Namespace, on: Machine) -> dict[str, Run]:
    """Returns epochs of training, on one batch and through the loader."""
    data = TrainingData(stored, np.ones(len(stored)), stored)
    changes = {"augment": asked.augment, "batch_size": asked.batch_size}
    recipe = load(Train).model_copy(update={**changes, "channels_last": asked.channels_last})

    def run(kind: type[Feed]) -> Run:
        trainer = Trainer(network(asked), data, recipe=recipe, lr=1e-5, seed=0, on=on)
        trainer.feed = kind(data, recipe=recipe, seed=0, on=on)
        return lambda _: trainer.train_epoch(ProgressBar(1, 1), stepped=lambda: None)

    return {"model": run(FixedFeed), "training": run(Feed)}


def read_by_visage(stored: Faces, asked: argparse.Namespace, on: Machine) -> dict[str, Run]:
    """Returns epochs of visage's loader alone."""
    kept = DecodedFaces(stored.store, stored.ids, room=on.decoded_bytes)
    mean, std = (torch.tensor(some).view(1, 3, 1, 1) for some in (IMAGENET.mean, IMAGENET.std))

    def read(data: Faces, epoch: int) -> Iterator[Batch]:
        kept.refresh()
        return batches(
            data,
            draw(np.ones(len(data)), seed=0, epoch=epoch),
            batch_size=asked.batch_size,
            workers=on.workers,
            augment=augmentation(asked.augment),
        )

    decoded = replace(stored, store=kept)
    return {
        "visage": lambda epoch: exhaust(read(decoded, epoch)),
        "first epoch": lambda epoch: exhaust(read(stored, epoch)),
        "visage floats": lambda epoch: exhaust(
            (batch.images.float() / 255 - mean) / std for batch in read(decoded, epoch)
        ),
    }


def read_by_others(paths: list[Path], asked: argparse.Namespace, on: Machine) -> dict[str, Run]:
    """Returns epochs of the plain loaders."""
    loaders: dict[str, Iterable[object]] = {}
    batch_size, workers, size = asked.batch_size, on.workers, asked.size
    for floats, ending in ((True, ""), (False, " bytes")):
        user = plain(asked.augment, size=size, floats=floats)
        ours = own(asked.augment, size=size, floats=floats)
        for name, transform in (("torchvision", user), ("torchvision own", ours)):
            loaders[name + ending] = by_torchvision(
                paths, transform, batch_size=batch_size, workers=workers
            )
        loaders["timm" + ending] = by_timm(
            paths, user, size=size, batch_size=batch_size, workers=workers
        )
    return {name: partial(exhaust_once, loader) for name, loader in loaders.items()}


def network(asked: argparse.Namespace) -> Network:
    """Returns the network, randomly initialised: values do not change the time."""
    torch.manual_seed(0)
    tasks, mlp = (Task.AGE, Task.GENDER), (512, 256)
    return Network(
        NetworkSpec(
            asked.backbone, {}, 0.0, tasks, "regression", 100, mlp, 0.3, asked.size, IMAGENET
        )
    )


def cost(run: Run, number: int, *, images: int) -> Cost:
    """Returns what `run` takes; readers count because they have ended by then."""
    started, spent = time.perf_counter(), cpu_seconds()
    run(number)
    return Cost((time.perf_counter() - started) / images, (cpu_seconds() - spent) / images)


def cpu_seconds() -> float:
    """Returns the CPU time of this process and of its children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def exhaust(items: Iterable[object]) -> None:
    """Reads to the end."""
    for _ in items:
        pass


def exhaust_once(items: Iterable[object], _number: int) -> None:
    """Reads to the end, whatever the epoch."""
    exhaust(items)


def report(rounds: list[dict[str, Cost]]) -> None:
    """Prints medians, and the ratios with their least and largest."""
    for name in rounds[0]:
        rate = median(1 / one[name].wall for one in rounds)
        cpu = 1000 * median(one[name].cpu for one in rounds)
        print(f"{name:>22} {rate:8.1f} images/s {cpu:7.3f} CPU ms an image")
    pairs = [("training", "model"), *product(OURS, ALL[len(TRAINED) + len(OURS) :])]
    for above, below in [pair for pair in pairs if rounds[0].keys() >= set(pair)]:
        wall = [one[below].wall / one[above].wall for one in rounds]
        by_cpu = [one[below].cpu / one[above].cpu for one in rounds]
        print(f"{above} / {below}: {spread(wall)}, by CPU time {spread(by_cpu)}")


def spread(ratios: list[float]) -> str:
    """Returns the median, the least and the largest."""
    return f"{median(ratios):.2f} [{min(ratios):.2f}, {max(ratios):.2f}]"


if __name__ == "__main__":
    main()
