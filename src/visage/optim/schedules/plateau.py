"""Lowers the rate when validation stops getting better, as torch's ReduceLROnPlateau does.

The number of reductions is counted anew from all values, so that there is nothing to remember.
"""

from visage.optim.schedule import Moment


def factor(moment: Moment) -> float:
    """Returns the share of the peak rate."""
    if moment.warmup is not None:
        return moment.warmup
    reductions = waited = 0
    best = float("inf")
    for value in moment.values:
        best, waited = (value, 0) if value < best else (best, waited + 1)
        if waited > moment.plateau_patience:
            reductions, waited = reductions + 1, 0
    return moment.plateau_factor**reductions
