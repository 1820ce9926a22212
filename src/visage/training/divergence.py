"""A loss that is no number ends the training, and names the images that it came from."""

import torch

from visage.errors import VisageError
from visage.training.feed import Feed
from visage.training.objective import Losses
from visage.training.position import Position

SHOWN = 8


class DivergedError(VisageError):
    """The loss is no number any more."""


def refuse_nan(found: Losses, *, feed: Feed, at: Position, amp: str) -> None:
    """Passes if the loss is finite.

    Raises:
        DivergedError: with the batch's images by id, and what to do.
    """
    if torch.isfinite(found.total):
        return
    named = feed.ids(at.epoch, batch=at.batch)
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    raise DivergedError(
        f"the loss is {found.total.item()} at epoch {at.epoch}, batch {at.batch}, whose images are "
        f"{', '.join(named[:SHOWN])}{more}. Look at them with `visage data check`, lower train.lr, "
        f"or set train.amp=off (it is {amp}); what was trained before is kept, and `dvc repro` "
        "with the same parameters would meet the same batch again"
    )
