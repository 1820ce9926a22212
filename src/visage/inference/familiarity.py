"""How like the training's faces a face looks to the model: the mean cosine to the nearest ones.

An upside-down face, a plain wall or a wrong crop gets an age like any other. Its features tell:
they lie apart from those of all training faces (Sun et al. 2022, "Out-of-distribution detection
with deep nearest neighbors"). Some training faces' features travel with the model for that, as unit
vectors in half precision. Features are those of the image as it is, whatever views are averaged,
because so the limit was fitted. Measured: docs/experiments, 2026-11-23-unfamiliar-inputs.md.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn

from visage.models.tensors import CheckpointError, load_tensors, save_tensors

KNOWN: Final = "familiar.known"  # names of the tensors, also among those of a network
NEAREST: Final = "familiar.nearest"


class Familiarity(nn.Module):
    """Scores features against known ones."""

    known: Tensor

    def __init__(self, known: Tensor, *, nearest: int) -> None:
        """Takes M unit vectors, (M, W), and how many of them count (all, where there are fewer)."""
        super().__init__()
        self.nearest = min(nearest, len(known))
        self.register_buffer("known", known)

    def forward(self, features: Tensor) -> Tensor:
        """Returns the mean cosine to the nearest known ones, (N,), -1 to 1; features: (N, W)."""
        unit = nn.functional.normalize(features.float(), dim=1)
        cosines = torch.matmul(unit, self.known.float().transpose(0, 1))
        return cosines.topk(self.nearest, dim=1).values.mean(dim=1)

    @property
    def tensors(self) -> dict[str, Tensor]:
        """What has to be kept of it."""
        return {KNOWN: self.known, NEAREST: torch.tensor([self.nearest])}


def unit_vectors(features: Tensor) -> Tensor:
    """Returns features (N, W) as they are kept: of length one, in half precision."""
    return nn.functional.normalize(features.float(), dim=1).half()


def save_familiarity(path: Path, familiarity: Familiarity) -> None:
    """Writes the known faces, whole or not at all."""
    save_tensors(path, familiarity.tensors)


def load_familiarity(path: Path, *, width: int) -> Familiarity:
    """Returns the known faces in a file, on the CPU.

    width: of the model's features.

    Raises:
        CheckpointError: the file is missing or damaged, or was made with another model.
    """
    found = among(load_tensors(path))
    if found is None or found.known.shape[1] != width:
        raise CheckpointError(
            f"{path} holds no {width} features a face, which are the model's, so it was made with "
            "another one; copy the folder as a whole, or run `dvc repro infer`"
        )
    return found


def among(tensors: Mapping[str, Tensor]) -> Familiarity | None:
    """Returns the known faces that are among these tensors, if any are."""
    if KNOWN not in tensors or NEAREST not in tensors:
        return None
    return Familiarity(tensors[KNOWN], nearest=int(tensors[NEAREST]))
