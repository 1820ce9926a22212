from collections.abc import Callable

import pytest
import torch

from visage.params.train import Train
from visage.training.memory import OutOfMemoryError, explained

ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory"),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to ..."),
    MemoryError(),
]


@pytest.mark.parametrize("error", ERRORS)
def test_too_little_memory_says_what_to_try(recipe: Callable[..., Train], error: Exception) -> None:
    wanted = r"train.batch_size 64; set train.batch_size=32 and train.accumulate=4"
    with (
        pytest.raises(OutOfMemoryError, match=wanted),
        explained(recipe(batch_size=64, accumulate=2)),
    ):
        raise error


def test_other_errors_stay(recipe: Callable[..., Train]) -> None:
    with pytest.raises(RuntimeError, match="shapes"), explained(recipe()):
        raise RuntimeError("shapes differ")
