"""What is no number any more ends the training, and names the images that it came from."""

import math

import torch

from visage.errors import VisageError
from visage.training.feed import Feed
from visage.training.objective import Losses
from visage.training.position import Position

SHOWN = 8


class DivergedError(VisageError):
    """The loss, its gradient or a figure of the validation is no number any more."""


def refuse_nan(found: Losses, *, feed: Feed, at: Position, amp: str) -> None:
    """Passes if the loss is finite.

    Raises:
        DivergedError: with the batch's images by id, and what to do.
    """
    if torch.isfinite(found.total):
        return
    named = feed.ids(at.epoch, batch=at.batch)
    raise DivergedError(
        f"the loss is {found.total.item()} at epoch {at.epoch}, batch {at.batch}, whose images are "
        f"{_some(named)}. {_remedy(amp)}"
    )


def refuse_infinite_step(*, feed: Feed, at: Position, amp: str) -> None:
    """Tells of a step whose losses are finite and whose gradient is not.

    Raises:
        DivergedError: with the images of the step's batches by id, and what to do.
    """
    first = (at.batch - 1) // feed.recipe.accumulate * feed.recipe.accumulate + 1
    named = [id_ for batch in range(first, at.batch + 1) for id_ in feed.ids(at.epoch, batch=batch)]
    raise DivergedError(
        f"the gradient is infinite at epoch {at.epoch}, batch {at.batch}, in a step of the images "
        f"{_some(named)}. {_remedy(amp)}"
    )


def refuse_nan_figure(value: float, *, name: str, at_epoch: int) -> None:
    """Passes if what chooses the best epoch is a number.

    Raises:
        DivergedError: with what to do.
    """
    if not math.isfinite(value):
        raise DivergedError(
            f"{name} of epoch {at_epoch} is {value}, so no epoch is the best: the weights have "
            "diverged. Lower train.lr, or take another train.monitor"
        )


def _some(named: list[str]) -> str:
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    return f"{', '.join(named[:SHOWN])}{more}"


def _remedy(amp: str) -> str:
    return (
        "Look at them with `visage data check`, lower train.lr, or set train.amp=off (it is "
        f"{amp}); what was trained before is kept, and `dvc repro` with the same parameters would "
        "meet the same batch again"
    )
