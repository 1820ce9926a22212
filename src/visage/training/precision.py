"""Automatic mixed precision: `off`, `bf16`, or `fp16` with a gradient scaler.

Micikevicius et al. 2018. fp16 has five bits of exponent: without scaling, small gradients vanish.
bf16 has the exponent of fp32 and needs none.
"""

from typing import Literal

import torch
from torch import Tensor

Amp = Literal["off", "bf16", "fp16"]
DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


def autocast(amp: Amp, device: torch.device) -> torch.autocast:
    """Returns the context for a forward pass."""
    return torch.autocast(device.type, DTYPES.get(amp, torch.bfloat16), enabled=amp != "off")


class Stepper:
    """Takes an optimiser's step from a loss: scaled, clipped, and skipped after an overflow."""

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        *,
        amp: Amp,
        device: torch.device,
        clip_grad_norm: float,
    ) -> None:
        self.optimizer = optimizer
        self.clip_grad_norm = clip_grad_norm
        self.scaler = torch.amp.GradScaler(device.type, enabled=amp == "fp16")

    def step(self, loss: Tensor) -> None:
        """Moves the parameters along the clipped gradient of `loss`, a scalar."""
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        self.scaler.unscale_(self.optimizer)
        parameters = [p for group in self.optimizer.param_groups for p in group["params"]]
        torch.nn.utils.clip_grad_norm_(parameters, self.clip_grad_norm)
        self.scaler.step(self.optimizer)
        self.scaler.update()
