"""Automatic mixed precision: `off`, `bf16`, or `fp16` with a gradient scaler.

Micikevicius et al. 2018. fp16 has five bits of exponent: without scaling, small gradients vanish.
bf16 has the exponent of fp32 and needs none.
"""

from typing import Any

import torch
from torch import Tensor

from visage.inference.machine import Machine
from visage.inference.processes import sum_gradients
from visage.params.train import Amp

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


def autocast(amp: Amp, device: torch.device) -> torch.autocast:
    """Returns the context for a forward pass."""
    return torch.autocast(device.type, DTYPES.get(amp, torch.bfloat16), enabled=amp != "off")


class Stepper:
    """Takes an optimiser's steps from losses: scaled, clipped, and skipped after an overflow."""

    def __init__(
        self, optimizer: torch.optim.Optimizer, *, amp: Amp, on: Machine, clip_grad_norm: float
    ) -> None:
        self.optimizer = optimizer
        self.clip_grad_norm = clip_grad_norm
        self.on = on
        self.scaler = torch.amp.GradScaler(on.device.type, enabled=amp == "fp16")

    def gather(self, loss: Tensor, *, share: float) -> None:
        """Adds the gradient of `loss`, a scalar, to what the next step will take.

        share: of the step's images in it; a step's shares in all processes add up to 1.
        """
        self.scaler.scale(loss * share if share < 1 else loss).backward()  # type: ignore[no-untyped-call]

    def step(self) -> bool:
        """Moves the parameters along the clipped gradient, the sum of all processes' own.

        Returns whether the gradient was finite. If not, the parameters stay; a scaler of fp16 then
        tries a smaller scale, which is no fault.
        """
        parameters = [p for group in self.optimizer.param_groups for p in group["params"]]
        sum_gradients(parameters, on=self.on)
        self.scaler.unscale_(self.optimizer)
        norm = torch.nn.utils.clip_grad_norm_(parameters, self.clip_grad_norm)
        if not self.scaler.is_enabled() and not torch.isfinite(norm):
            return False
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        return True

    def state_dict(self) -> dict[str, Any]:
        """Returns what a training needs to go on."""
        return {"optimizer": self.optimizer.state_dict(), "scaler": self.scaler.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes over what `state_dict` returned."""
        self.optimizer.load_state_dict(state["optimizer"])
        self.scaler.load_state_dict(state["scaler"])
