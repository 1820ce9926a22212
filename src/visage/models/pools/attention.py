"""Attention pooling: a weighted average in place of the plain one, its weights learnt.

Pooling by multi-head attention (Lee et al. 2019, "Set Transformer", 3.2) with one learnt query: a
head scores each field, a softmax over the fields makes weights of the scores, and the head's share
of the channels is averaged by them. With a single query the projection of the keys adds nothing, so
a head's score is one learnt vector's product with the field; the values are the features as they
are (Psomas et al. 2023, "Keep it SimPool"). timm's AttentionPoolLatent projects both: two million
parameters at 1024 channels, which overfitted and took the heads' step ten times as long
(docs/decisions/0027-attention-pooling.md).

Scores are zero at first, so a training starts from the plain average, and weights that were trained
behind it (ConvNeXt's last norm) see what they know. Whether a backbone averages at all shows the
same way: else its features change.
"""

from math import gcd
from typing import Any, Final

import torch
from torch import Tensor, nn

from visage.errors import VisageError
from visage.models.pool import FeaturePool, channels_axis

HEADS: Final = 8
TOLERANCE: Final = 1e-4  # of the largest feature
# What timm's models raise where `forward_head` takes no map of one field.
UNABLE: Final = (AttributeError, AssertionError, IndexError, RuntimeError, TypeError, ValueError)


class PoolError(VisageError):
    """A backbone has no average of several fields that attention could replace."""


class Pool(FeaturePool):
    """Averages the fields of each head's channels by learnt weights, for any number of fields."""

    def __init__(self, backbone: Any, *, image_size: int) -> None:
        """Takes a new backbone, in training mode or not as a whole.

        Raises:
            PoolError: see there.
        """
        super().__init__()
        channels = int(backbone.num_features)
        self.scores = nn.Parameter(torch.zeros(gcd(channels, HEADS), channels))
        self.prefix = int(getattr(backbone, "num_prefix_tokens", 0))  # tokens that are no fields
        fault = self._fault(backbone, image_size=image_size)
        if fault is not None:
            raise PoolError(
                "params.yaml: model.pool: attention weighs the fields that a backbone averages, "
                f"but {backbone.pretrained_cfg.get('architecture')} {fault}, or set "
                "model.pool: average"
            )

    def forward(self, backbone: Any, images: Tensor) -> Tensor:
        """Returns the pooled features, (N, width)."""
        return self._behind(backbone, backbone.forward_features(images))

    def _behind(self, backbone: Any, features: Tensor) -> Tensor:
        """Returns what the backbone makes of last features whose only field is the pooled one.

        It averages that field to itself. Class tokens are replaced by it, too.
        """
        axis = channels_axis(features, self.scores.shape[1])
        alone = self._weighed(self._fields(features))[:, None].expand(-1, 1 + self.prefix, -1)
        if features.ndim == 4:
            alone = alone[:, None]
        pooled: Tensor = backbone.forward_head(alone.movedim(-1, axis))
        return pooled

    def _fields(self, features: Tensor) -> Tensor:
        """Returns last features as (N, L, C), without class tokens."""
        axis = channels_axis(features, self.scores.shape[1])
        return features.movedim(axis, -1).flatten(1, -2)[:, self.prefix :]

    def _weighed(self, fields: Tensor) -> Tensor:
        """Returns the weighted averages, (N, C), of fields (N, L, C)."""
        heads, channels = self.scores.shape
        weights = nn.functional.linear(fields, self.scores * channels**-0.5).softmax(dim=1)
        by_head = fields.reshape(*fields.shape[:2], heads, -1)
        return (weights[..., None] * by_head).sum(dim=1).flatten(1)

    @torch.no_grad()
    def _fault(self, backbone: Any, *, image_size: int) -> str | None:
        """Says why the backbone's average can't be replaced, and what helps; None: it can."""
        training = backbone.training
        backbone.eval()
        draws = torch.Generator().manual_seed(0)
        image = torch.rand(1, 3, image_size, image_size, generator=draws)
        try:
            expected = backbone(image)
        except UNABLE as error:
            backbone.train(training)
            return f"takes no images of {image_size} pixels ({error}); set another model.image_size"
        try:
            features = backbone.forward_features(image)
            found = self._behind(backbone, features)
            n = self._fields(features).shape[1]
        except UNABLE as error:
            return f"gives no last features that can be pooled ({error}); set another backbone"
        finally:
            backbone.train(training)
        if found.shape != expected.shape or not torch.allclose(
            found, expected, rtol=0, atol=TOLERANCE * float(expected.abs().max())
        ):
            return (
                "makes its features of something else than their average; set another backbone, "
                "for a transformer init.kwargs: {global_pool: avg}"
            )
        if n == 1:
            return f"has one field alone at {image_size} pixels; raise model.image_size"
        return None
