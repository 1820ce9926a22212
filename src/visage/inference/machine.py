"""What this machine has, from the environment: it is no parameter and stands in no output.

`VISAGE_DEVICE` (auto, cpu, cuda, mps), `VISAGE_WORKERS` (processes that read images),
`VISAGE_DECODED_MB` (memory that training may fill with decoded images), `VISAGE_THREADS` (of
torch), and `WORLD_SIZE`, by which Accelerate and torchrun say how many processes they started
(`VISAGE_PROCESSES` makes the stages start them). Workers and memory change no byte; device, threads
and processes may, because sums of floats are then taken in another order
(docs/decisions/0006-determinism.md).
"""

import logging
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import torch

from visage.cores import own_cores
from visage.errors import VisageError
from visage.inference.environment import whole_number

DEVICES = ("auto", "cpu", "cuda", "mps")
DECODED_MB: Final = 1000  # 20,000 images of 128 px, or 5,000 of 256
PATIENCE: Final = timedelta(hours=2)  # the others wait while the first process writes large files


class MachineError(VisageError):
    """An environment variable asks for what this machine does not have."""


@dataclass(frozen=True)
class Machine:
    """Where tensors live, how many processes read images, and which of the run's this one is.

    rank: of this process, from 0; processes: that train or predict together. decoded_bytes: that
    this process may fill with decoded images.
    """

    device: torch.device
    workers: int
    rank: int = 0
    processes: int = 1
    decoded_bytes: int = 0

    @property
    def is_first(self) -> bool:
        """Whether this process is the one that writes and is watched."""
        return self.rank == 0


def machine() -> Machine:
    """Returns what the environment says, and sets torch's threads.

    Raises:
        MachineError: a variable has a value that can't be used here.
    """
    threads = _count("VISAGE_THREADS", default=0)
    if threads:
        torch.set_num_threads(threads)
    device = _device()
    workers = _count("VISAGE_WORKERS", default=_readers(device))
    decoded = _count("VISAGE_DECODED_MB", default=DECODED_MB) * 10**6
    if _count("WORLD_SIZE", default=1) == 1:
        return Machine(device, workers, decoded_bytes=decoded)
    return _shared(device, workers, decoded_bytes=decoded)


def _shared(device: torch.device, workers: int, *, decoded_bytes: int) -> Machine:
    """Returns what this process has of a machine, or of several, that it shares with others."""
    from accelerate import PartialState

    here = _count("LOCAL_WORLD_SIZE", default=1)
    if device.type == "mps":
        raise MachineError("several processes can't share Apple's GPU; set VISAGE_DEVICE=cpu")
    if device.type == "cuda" and here > torch.cuda.device_count():
        raise MachineError(
            f"{here} processes, but {torch.cuda.device_count()} GPUs; start as many processes as "
            "there are GPUs, or set VISAGE_DEVICE=cpu"
        )
    state = PartialState(cpu=device.type == "cpu", timeout=PATIENCE)
    if not state.is_main_process:
        logging.getLogger("visage").setLevel(logging.ERROR)  # the first one speaks for all
    return Machine(
        state.device,
        workers,
        rank=state.process_index,
        processes=state.num_processes,
        decoded_bytes=decoded_bytes // here,
    )


def _readers(device: torch.device) -> int:
    """Returns how many processes read images: none on a CPU, where they take torch's cores."""
    if device.type == "cpu":
        return 0
    return min(8, max(1, own_cores() // 2))


def _device() -> torch.device:
    wanted = os.environ.get("VISAGE_DEVICE", "auto")
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": _has_mps()}
    if wanted not in DEVICES:
        raise MachineError(f"VISAGE_DEVICE={wanted}: must be one of {', '.join(DEVICES)}")
    if wanted == "auto":
        return torch.device(next(name for name in ("cuda", "mps", "cpu") if available[name]))
    if not available[wanted]:
        raise MachineError(f"VISAGE_DEVICE={wanted}: torch finds none here; unset it or set cpu")
    return torch.device(wanted)


def _has_mps() -> bool:
    return torch.backends.mps.is_available()


def _count(variable: str, *, default: int) -> int:
    return whole_number(variable, default=default, error=MachineError)
