"""Where a training stands between two steps: what a continued one has to know besides tensors.

Plain values and tensors only, so that the state's file can be read weights-only.
"""

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from visage.training.objective import MeanLosses


@dataclass
class Position:
    """The epoch at hand, counted from 1, and how many of its batches are done.

    step: of the optimiser, from 0. monitored: a value for each finished epoch, lower is better.
    seconds, images: spent in steps so far; validating: seconds spent in validation. lr: of the last
    step. means: of the epoch's losses.
    """

    epoch: int = 1
    batch: int = 0
    step: int = 0
    lr: float = 0.0
    seconds: float = 0.0
    validating: float = 0.0
    images: int = 0
    monitored: list[float] = field(default_factory=list)
    means: MeanLosses = field(default_factory=MeanLosses)

    def end_epoch(self) -> None:
        """Goes on to the next epoch."""
        self.images += self.means.images
        self.epoch, self.batch, self.means = self.epoch + 1, 0, MeanLosses()

    def state_dict(self) -> dict[str, Any]:
        """Returns it as plain values and tensors."""
        return {
            **vars(self),
            "means": dict(vars(self.means.on_cpu())),
            "monitored": list(self.monitored),
        }

    @classmethod
    def of(cls, state: dict[str, Any]) -> "Position":
        """Returns what `state_dict` was taken from."""
        means = MeanLosses()
        vars(means).update(state["means"])
        return cls(**{**state, "means": means})


def random_states(device: torch.device) -> dict[str, Tensor]:
    """Returns the states of torch's generators, of which dropout and mixing draw."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    return states


def set_random_states(states: dict[str, Tensor], device: torch.device) -> None:
    """Takes over what `random_states` returned."""
    torch.set_rng_state(states["cpu"])
    if device.type == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)
