"""The whole path as one module: RGB bytes in, decisions out.

What is written to a file is this module, so no user of the file can forget a step or do it in
another way. All views of one size are one batch of all images: the network stands in the file once
a size.
"""

from collections.abc import Sequence
from itertools import groupby

import torch
from torch import Tensor, nn

from visage.export.decisions import AgeDecision, FamiliarityDecision, GenderDecision
from visage.export.resizing import Resizing
from visage.inference.familiarity import Familiarity
from visage.inference.seeing import IDENTITY, View, pictures
from visage.inference.sizes import given_size
from visage.models.network import Network
from visage.posterior.decision import Decision

AGE_OUTPUTS = ("age", "age_low", "age_high", "posterior")
GENDER_OUTPUTS = ("gender", "gender_probability")
FAMILIARITY_OUTPUTS = ("familiarity", "unfamiliar")


class WholePath(nn.Module):
    """Resizing, views, network, average, decisions."""

    def __init__(
        self,
        network: Network,
        decision: Decision,
        *,
        seen: Sequence[View],
        resize: str,
        familiarity: Familiarity | None = None,
    ) -> None:
        """Takes the network as it is; all is left in evaluation mode."""
        super().__init__()
        self.network = network.requires_grad_(False)
        self.seen = tuple(seen)
        self.familiarity = FamiliarityDecision(decision, familiarity) if familiarity else None
        self.resizing = Resizing(self.face_size, letterbox=resize == "letterbox")
        has_age, has_gender = network.age is not None, network.gender is not None
        self.age = AgeDecision(decision, age_max=network.spec.age_max) if has_age else None
        self.gender = GenderDecision(decision) if has_gender else None
        self.eval()

    @property
    def face_size(self) -> int:
        """The side that all images come to first, pixels."""
        return given_size(
            (view.name for view in self.seen), image_size=self.network.spec.image_size
        )

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of what `forward` returns."""
        ages = AGE_OUTPUTS if self.age is not None else ()
        genders = GENDER_OUTPUTS if self.gender is not None else ()
        return ages + genders + (FAMILIARITY_OUTPUTS if self.familiarity is not None else ())

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Returns the outputs; images: (N, H, W, 3), bytes, RGB."""
        squares = self.resizing(images)
        features, own = self._features(squares)
        raw = self.network.from_features(features)
        found: tuple[Tensor, ...] = ()
        if self.age is not None:
            assert self.network.age is not None
            assert raw.age is not None
            found += self.age(self._by_view(self.network.age.posterior(raw.age)))
        if self.gender is not None:
            assert raw.gender is not None
            found += self.gender(self._by_view(torch.sigmoid(raw.gender.float())))
        if self.familiarity is not None:
            found += self.familiarity(own)
        return found

    def _features(self, squares: Tensor) -> tuple[Tensor, Tensor]:
        """Returns the features of all views, (V * N, W), and those of the images as they are."""
        alone = () if self.familiarity is None or self.seen[0] == IDENTITY else (IDENTITY,)
        # Views of one size follow each other; their order is of no matter to an average.
        own = self.network.spec.image_size
        views = sorted(alone + self.seen, key=lambda view: view.side(own))
        looks = zip(views, pictures(squares, views, image_size=own), strict=True)
        features = [
            self.network.features(torch.cat([look for _, look in same]))
            for _, same in groupby(looks, key=lambda pair: pair[0].side(own))
        ]
        together = features[0] if len(features) == 1 else torch.cat(features)
        by_view = together.reshape(len(views), -1, together.shape[1])
        return by_view[len(alone) :].flatten(0, 1), by_view[0]

    def _by_view(self, values: Tensor) -> Tensor:
        """Returns (V, N, ...) of (V * N, ...)."""
        return values.reshape(len(self.seen), -1, *values.shape[1:])
