"""Linear warm-up, then a cosine to zero: Loshchilov & Hutter 2017 (SGDR), eq. 5 with one cycle."""

import math

from visage.optim.schedule import Moment


def factor(moment: Moment) -> float:
    """Returns the share of the peak rate; that of the last step is above zero."""
    if moment.warmup is not None:
        return moment.warmup
    return 0.5 * (1 + math.cos(math.pi * moment.progress))
