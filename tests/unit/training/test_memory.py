from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from visage.inference.machine import Machine
from visage.params.train import Train
from visage.training.memory import OutOfMemoryError, explained
from visage.training.progress import ProgressBar
from visage.training.setup import TrainingData
from visage.training.trainer import Trainer

ALONE = Machine(torch.device("cpu"), 0)
ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory"),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to ..."),
    RuntimeError("MPS backend out of memory (MPS allocated: 8 GB)"),
    MemoryError(),
]
Recipe = Callable[..., Train]


@pytest.mark.parametrize("error", ERRORS)
def test_too_little_memory_says_what_to_try(recipe: Recipe, error: Exception) -> None:
    wanted = r"train.batch_size 64; set train.batch_size=32 and train.accumulate=4.* of as many"
    with (
        pytest.raises(OutOfMemoryError, match=wanted),
        explained(recipe(batch_size=64, accumulate=2), on=ALONE),
    ):
        raise error


@pytest.mark.parametrize(
    ("batch_size", "processes", "words"),
    [
        (5, 1, "batch_size=2 and train.accumulate=2, which gives steps of about as many"),
        (12, 4, "batch_size=4 and train.accumulate=2, which gives steps of about as many"),
        (2, 1, "set a smaller model.image_size"),
        (4, 4, "set a smaller model.image_size"),
    ],
)
def test_what_is_advised_can_be_done(
    recipe: Recipe, batch_size: int, processes: int, words: str
) -> None:
    on = replace(ALONE, processes=processes)
    with (
        pytest.raises(OutOfMemoryError, match=words),
        explained(recipe(batch_size=batch_size), on=on),
    ):
        raise MemoryError


def test_other_errors_stay(recipe: Recipe) -> None:
    with pytest.raises(RuntimeError, match="shapes"), explained(recipe(), on=ALONE):
        raise RuntimeError("shapes differ")


@pytest.mark.parametrize("step", ["training", "validation"])
def test_memory_may_end_while_images_are_read(
    data: TrainingData,
    trainer: Callable[..., Trainer],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    made = trainer(data)

    def full(*args: Any, **kwargs: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(made.feed, step, full)
    bar = ProgressBar(1, 16, shown=False)
    ways = {"training": lambda: made.train_epoch(bar, stepped=full), "validation": made.validate}
    with pytest.raises(OutOfMemoryError, match="train.batch_size"):
        ways[step]()
