"""One predictor for `infer` and whoever else has images: the network under each view."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from visage.inference.familiarity import Familiarity, unit_vectors
from visage.inference.seeing import IDENTITY, View, at_side, pictures
from visage.models.folding import fold
from visage.models.network import Network


@dataclass(frozen=True)
class Predictions:
    """What is predicted of N images in V views; None without the head, or without known faces.

    posterior: (N, V, A), rows sum to 1. gender_probability: (N, V), of male. familiarity: (N,), of
    the image as it is.
    """

    posterior: NDArray[np.float32] | None
    gender_probability: NDArray[np.float32] | None
    familiarity: NDArray[np.float32] | None = None


class Predictor:
    """The network on a device, in evaluation mode, in full precision."""

    def __init__(
        self,
        network: Network,
        seen: Sequence[View],
        *,
        device: torch.device,
        familiarity: Familiarity | None = None,
    ) -> None:
        self.network = network.to(device).to(memory_format=torch.channels_last).eval()
        fold(self.network.backbone, image_size=network.spec.image_size)
        self.views = tuple(seen)
        self.device = device
        self.know(familiarity)

    def know(self, familiarity: Familiarity | None) -> None:
        """Takes the training faces that images are held to from now on."""
        self._familiarity = None if familiarity is None else familiarity.to(self.device)

    @torch.inference_mode()
    def __call__(self, images: Iterable[Tensor]) -> Predictions:
        """Returns the predictions for batches of bytes (N, 3, G, G), G by sizes.given_size."""
        posteriors, probabilities, familiar = [], [], []
        for batch in images:
            pixels = batch.to(self.device)
            looks = pictures(pixels, self.views, image_size=self._image_size)
            features = [self.network.features(look) for look in looks]
            outputs = [self.network.from_features(one) for one in features]
            if self._familiarity is not None:
                own = features[0] if self._sees_identity else self._own(pixels)
                familiar.append(self._familiarity(own).cpu().numpy())
            if self.network.age is not None:
                ages = [self.network.age.posterior(of.age) for of in outputs if of.age is not None]
                posteriors.append(torch.stack(ages, dim=1).cpu().numpy())
            if self.network.gender is not None:
                males = [of.gender.float().sigmoid() for of in outputs if of.gender is not None]
                probabilities.append(torch.stack(males, dim=1).cpu().numpy())
        return Predictions(
            posterior=np.concatenate(posteriors) if posteriors else None,
            gender_probability=np.concatenate(probabilities) if probabilities else None,
            familiarity=np.concatenate(familiar) if familiar else None,
        )

    @torch.inference_mode()
    def known(self, images: Iterable[Tensor]) -> Tensor:
        """Returns what Familiarity keeps of images, (N, W), on the CPU; at least one batch."""
        features = (self._own(batch.to(self.device)) for batch in images)
        return torch.cat([unit_vectors(one).cpu() for one in features])

    def _own(self, pixels: Tensor) -> Tensor:
        """Returns the features of images as they are, (N, W)."""
        return self.network.features(at_side(pixels, side=self._image_size))

    @property
    def _image_size(self) -> int:
        return self.network.spec.image_size

    @property
    def _sees_identity(self) -> bool:
        return self.views[:1] == (IDENTITY,)
