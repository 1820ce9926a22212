"""One rate for all steps, behind a linear warm-up where there is one."""

from visage.optim.schedule import Moment


def factor(moment: Moment) -> float:
    """Returns the share of the peak rate."""
    return 1.0 if moment.warmup is None else moment.warmup
