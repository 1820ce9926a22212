"""One predictor for `infer` and whoever else has images: the network under each view."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from visage.models.folding import fold
from visage.models.network import Network
from visage.registry import resolve

View = Callable[[Tensor], Tensor]


def views(names: Sequence[str]) -> tuple[View, ...]:
    """Returns the views of these names.

    Raises:
        UnknownMemberError: there is no such view.
    """
    package = "visage.inference.views"
    return tuple(resolve(package, name, "view", param="infer.views") for name in names)


@dataclass(frozen=True)
class Predictions:
    """posterior: (N, V, A), rows sum to 1; gender_probability: (N, V), of male; None without."""

    posterior: NDArray[np.float32] | None
    gender_probability: NDArray[np.float32] | None


class Predictor:
    """The network on a device, in evaluation mode, in full precision."""

    def __init__(self, network: Network, seen: Sequence[View], *, device: torch.device) -> None:
        self.network = network.to(device).to(memory_format=torch.channels_last).eval()
        fold(self.network.backbone, image_size=network.spec.image_size)
        self.views = tuple(seen)
        self.device = device

    @torch.inference_mode()
    def __call__(self, images: Iterable[Tensor]) -> Predictions:
        """Returns the predictions for batches of image bytes (N, 3, H, W)."""
        posteriors, probabilities = [], []
        for batch in images:
            pixels = batch.to(self.device)
            outputs = [self.network(view(pixels)) for view in self.views]
            if self.network.age is not None:
                ages = [self.network.age.posterior(output.age) for output in outputs]
                posteriors.append(torch.stack(ages, dim=1).cpu().numpy())
            if self.network.gender is not None:
                males = [torch.sigmoid(output.gender.float()) for output in outputs]
                probabilities.append(torch.stack(males, dim=1).cpu().numpy())
        return Predictions(
            posterior=np.concatenate(posteriors) if posteriors else None,
            gender_probability=np.concatenate(probabilities) if probabilities else None,
        )
