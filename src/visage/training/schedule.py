"""The learning rate over the steps: linear warm-up, then a cosine to zero.

Loshchilov & Hutter 2017 (SGDR), eq. 5 with one cycle; the warm-up is that of Goyal et al. 2017.
"""

import math


def rate_factor(step: int, *, warmup_steps: int, total_steps: int) -> float:
    """Returns the share of the peak rate at `step`, counted from 0; the last step is above zero."""
    if step < warmup_steps:
        return (step + 1) / warmup_steps
    progress = (step - warmup_steps) / max(1, total_steps - warmup_steps)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
