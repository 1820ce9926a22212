"""Too little memory for a batch is the user's to mend: say which sizes to try."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from visage.errors import VisageError
from visage.inference.machine import Machine
from visage.params.train import Train

# What torch says on a CPU; and on devices whose error has no class of its own.
SAID = ("can't allocate memory", "out of memory")
LEAST = 2  # images of a batch


class OutOfMemoryError(VisageError):
    """A batch does not fit into the device's memory."""


@contextmanager
def explained(recipe: Train, *, on: Machine) -> Iterator[None]:
    """Turns torch's error about memory into ours.

    Raises:
        OutOfMemoryError: with a batch size to try.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not _is_of_memory(error):
            raise
        raise OutOfMemoryError(_message(recipe, processes=on.processes)) from error


def _is_of_memory(error: BaseException) -> bool:
    known = isinstance(error, MemoryError | torch.OutOfMemoryError)
    return known or any(text in str(error) for text in SAID)


def _message(recipe: Train, *, processes: int) -> str:
    half = recipe.batch_size // 2 // processes * processes  # processes share a batch evenly
    began = f"out of memory with train.batch_size {recipe.batch_size}; set "
    if half < LEAST:
        return f"{began}a smaller model.image_size, or take a smaller backbone"
    same = 2 * half == recipe.batch_size
    return (
        f"{began}train.batch_size={half} and train.accumulate={2 * recipe.accumulate}, which gives "
        f"steps of {'as' if same else 'about as'} many images, or a smaller model.image_size. "
        "A training with other parameters begins anew"
    )
