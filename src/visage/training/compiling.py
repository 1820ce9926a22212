"""`train.compile`: torch.compile, whose failures say what is missing."""

from typing import Final

import torch
from torch import Tensor

from visage.errors import VisageError
from visage.models.network import Outputs
from visage.training.validation import Forward

COMPILERS: Final = ("torch._dynamo", "torch._inductor")


class CompileError(VisageError):
    """torch can't compile the step here."""


def compiled(forward: Forward) -> Forward:
    """Returns `forward` compiled at its first call.

    Raises, when it is called:
        CompileError: torch can't; most often there is no C++ compiler.
    """
    fast: Forward = torch.compile(forward)

    def checked(images: Tensor) -> Outputs:
        try:
            return fast(images)
        except Exception as error:
            if not type(error).__module__.startswith(COMPILERS):
                raise
            first, *_ = str(error).strip().splitlines() or [type(error).__name__]
            raise CompileError(
                f"train.compile: torch can't compile the network here ({first}). Install a C++ "
                "compiler (g++), or set train.compile=false"
            ) from error

    return checked
