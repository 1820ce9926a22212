"""Too little memory for a batch is the user's to mend: say which sizes to try."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from visage.errors import VisageError
from visage.params.train import Train


class OutOfMemoryError(VisageError):
    """A batch does not fit into the device's memory."""


@contextmanager
def explained(recipe: Train) -> Iterator[None]:
    """Turns torch's error about memory into ours.

    Raises:
        OutOfMemoryError: with a batch size to try.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not _is_of_memory(error):
            raise
        raise OutOfMemoryError(_message(recipe)) from error


def _is_of_memory(error: BaseException) -> bool:
    known = isinstance(error, MemoryError | torch.OutOfMemoryError)
    return known or "can't allocate memory" in str(error)  # what torch says on a CPU


def _message(recipe: Train) -> str:
    half = max(2, recipe.batch_size // 2)
    return (
        f"out of memory with train.batch_size {recipe.batch_size}; set train.batch_size={half} and "
        f"train.accumulate={2 * recipe.accumulate}, which gives steps of as many images, or a "
        "smaller model.image_size. What was trained before is kept in .visage/state"
    )
