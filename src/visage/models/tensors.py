"""Tensors on disk as safetensors: no code in the file, and the same values give the same bytes.

Apart from the checkpoint, because initial weights are tensors, too, and have no heads: a new head
must not make `init` run again.
"""

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from visage.errors import VisageError
from visage.files.atomic import atomic_file


class CheckpointError(VisageError):
    """The model's files are missing, damaged, can't be written, or do not belong together."""


def save_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Writes tensors, whole or not at all; the same values give the same bytes.

    Raises:
        CheckpointError: they can't be written, most often because the disk is full.
    """
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    with atomic_file(path) as temporary:
        try:
            save_file(plain, str(temporary))
        except SafetensorError as error:
            raise CheckpointError(
                f"{path} can't be written ({error}); free some space and run `dvc repro`"
            ) from error


def load_tensors(path: Path) -> dict[str, Tensor]:
    """Returns the tensors in `path`, on the CPU.

    Raises:
        CheckpointError: the file is missing or damaged.
    """
    if not path.is_file():
        raise CheckpointError(f"{path} is missing; run `dvc repro`")
    try:
        tensors: dict[str, Tensor] = load_file(str(path))
    except SafetensorError as error:
        raise CheckpointError(f"{path} is damaged ({error}); run `dvc repro`") from None
    return tensors
