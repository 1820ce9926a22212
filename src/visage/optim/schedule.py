"""The learning rate over the steps, as a share of the peak rate.

A schedule is a module of `optim/schedules` with a function `factor(moment) -> float`. It is a pure
function of how far the training is and of the validation so far, so it has no state that a
continued training could lose.
"""

from collections.abc import Callable
from dataclasses import dataclass

from visage.registry import resolve


@dataclass(frozen=True)
class Moment:
    """Where a training stands.

    step: from 0; warmup_steps: the rate rises to its peak in them; total_steps: of the training.
    values: what is monitored after each finished epoch of the warm-up's end or later, lower is
    better. plateau_factor, plateau_patience: read by `plateau` only.
    """

    step: int
    warmup_steps: int
    total_steps: int
    values: tuple[float, ...] = ()
    plateau_factor: float = 0.1
    plateau_patience: int = 3

    @property
    def warmup(self) -> float | None:
        """The share of the peak rate in a linear warm-up (Goyal et al. 2017); None behind it."""
        if self.step >= self.warmup_steps:
            return None
        return (self.step + 1) / self.warmup_steps

    @property
    def progress(self) -> float:
        """How much of the steps behind the warm-up is done, 0 to 1."""
        return min(
            1.0, (self.step - self.warmup_steps) / max(1, self.total_steps - self.warmup_steps)
        )


Schedule = Callable[[Moment], float]


def schedule(name: str) -> Schedule:
    """Returns the schedule of this name.

    Raises:
        UnknownMemberError: there is no such schedule.
    """
    found: Schedule = resolve("visage.optim.schedules", name, "factor", param="train.schedule")
    return found
