"""Mixed pairs of images: mixup (Zhang et al. 2018) and cutmix (Yun et al. 2019).

Each image is mixed with another of its batch, and the loss is mixed in the same shares: so no head
needs to know what half a face is, and images without a label keep their mask.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from visage.params.train import MixMethod
from visage.training.balance import TaskLoss
from visage.training.objective import Losses
from visage.vision.loader import Batch


@dataclass(frozen=True)
class Mixed:
    """Mixed images with the labels of the first of each pair, the second's, and the first's share.

    Without mixing there is no second.
    """

    first: Batch
    second: Batch | None
    share: float


def mix(batch: Batch, *, method: MixMethod, alpha: float) -> Mixed:
    """Returns the batch mixed with itself in another order; random values are torch's."""
    if method == "none":
        return Mixed(batch, None, 1.0)
    share = float(torch.distributions.Beta(alpha, alpha).sample())
    order = torch.randperm(len(batch)).to(batch.images.device)
    second = Batch(batch.images[order], batch.ages[order], batch.gender[order])
    blend = _mixup if method == "mixup" else _cutmix
    images, share = blend(batch.images, second.images, share)
    return Mixed(replace(batch, images=images), second, share)


def _mixup(first: Tensor, second: Tensor, share: float) -> tuple[Tensor, float]:
    return torch.lerp(second.float(), first.float(), share).round().to(first.dtype), share


def _cutmix(first: Tensor, second: Tensor, share: float) -> tuple[Tensor, float]:
    """Puts a rectangle of the second image over the first; the share is that of its pixels."""
    height, width = first.shape[-2:]
    tall, wide = (round(side * (1 - share) ** 0.5) for side in (height, width))
    top = int(torch.randint(height - tall + 1, ()))
    left = int(torch.randint(width - wide + 1, ()))
    images = first.clone()
    images[..., top : top + tall, left : left + wide] = second[
        ..., top : top + tall, left : left + wide
    ]
    return images, 1 - tall * wide / (height * width)


def blended(first: Losses, second: Losses, *, share: float) -> Losses:
    """Returns the losses of mixed pairs from those against either label."""
    return Losses(
        torch.lerp(second.total, first.total, share),
        age=_blended(first.age, second.age, share),
        gender=_blended(first.gender, second.gender, share),
    )


def _blended(first: TaskLoss | None, second: TaskLoss | None, share: float) -> TaskLoss | None:
    if first is None or second is None:
        return None
    return TaskLoss(torch.lerp(second.mean, first.mean, share), first.known)
