"""One cycle: up from a small rate, then down to a tiny one (Smith & Topin 2018).

Shape and constants are those of torch's OneCycleLR: cosines, from a 25th of the peak to it in 30 %
of the steps (or in the warm-up, where one is set), then down to a 250,000th. The momentum stays.
"""

import math

from visage.optim.schedule import Moment

RISE = 0.3
FIRST = 1 / 25
LAST = FIRST / 1e4


def factor(moment: Moment) -> float:
    """Returns the share of the peak rate."""
    rise = moment.warmup_steps or max(1.0, RISE * moment.total_steps - 1)
    last = moment.total_steps - 1
    if moment.step <= rise:
        return _between(FIRST, 1.0, moment.step / rise)
    return _between(1.0, LAST, min(1.0, (moment.step - rise) / max(1.0, last - rise)))


def _between(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))
