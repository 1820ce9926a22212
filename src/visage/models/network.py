"""The network: backbone -> pool -> shared MLP -> an age head and a gender head.

Images go in as bytes (N, 3, H, W), RGB, 0-255: the normalisation is inside, so that no caller can
forget it or take another one, and the loader moves a quarter of the memory.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from visage.codes import Task
from visage.models.backbone import BackboneError, Normalisation, build, feature_width
from visage.models.head import GenderHead, age_head
from visage.models.pool import feature_pool


@dataclass(frozen=True)
class NetworkSpec:
    """All that is needed to build the network; sizes in pixels, ages in years."""

    backbone: str
    backbone_kwargs: dict[str, Any]
    drop_path_rate: float
    tasks: tuple[Task, ...]
    age_head: str
    age_max: int
    mlp: tuple[int, ...]
    dropout: float
    image_size: int
    normalisation: Normalisation
    pool: str = "average"  # as models were pooled before there was a choice


@dataclass(frozen=True)
class Outputs:
    """Raw outputs: age in the head's own form, gender as logits (N,); None without the task."""

    age: Tensor | None
    gender: Tensor | None


class Network(nn.Module):
    """The multi-task network."""

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        spec: NetworkSpec,
        *,
        gender_pos_weight: float = 1.0,
        label_sigma_years: float = 2.0,
        regression_scale_years: float = 100.0,
    ) -> None:
        super().__init__()
        self.spec = spec
        self.backbone = build(
            spec.backbone, drop_path_rate=spec.drop_path_rate, kwargs=spec.backbone_kwargs
        )
        self.pool = feature_pool(spec.pool, self.backbone, image_size=spec.image_size)
        width = feature_width(self.backbone)
        self.mlp = shared_mlp(width, spec.mlp, dropout=spec.dropout)
        width = spec.mlp[-1] if spec.mlp else width
        self.age = (
            age_head(
                spec.age_head,
                width,
                age_max=spec.age_max,
                label_sigma_years=label_sigma_years,
                regression_scale_years=regression_scale_years,
            )
            if Task.AGE in spec.tasks
            else None
        )
        has_gender = Task.GENDER in spec.tasks
        self.gender = GenderHead(width, pos_weight=gender_pos_weight) if has_gender else None
        for name in ("mean", "std"):
            values = torch.tensor(getattr(spec.normalisation, name)).view(1, -1, 1, 1)
            self.register_buffer(name, values, persistent=False)

    def forward(self, images: Tensor) -> Outputs:
        """Returns the raw outputs; images: (N, 3, H, W) bytes, RGB."""
        return self.from_features(self.features(images))

    def features(self, images: Tensor) -> Tensor:
        """Returns the backbone's pooled features, (N, width); images: (N, 3, H, W) bytes, RGB."""
        pooled: Tensor = self.pool(self.backbone, (images.float() / 255 - self.mean) / self.std)
        return pooled

    def size_error(self, side: int) -> Exception | None:
        """Returns what the backbone raises of images of this side, pixels; None: it takes them."""
        training, device = self.training, next(self.parameters()).device
        self.eval()
        try:
            with torch.no_grad():
                self.backbone(torch.zeros(1, 3, side, side, device=device))
        except torch.OutOfMemoryError:
            raise
        except (AssertionError, RuntimeError, ValueError) as error:
            return error
        finally:
            self.train(training)
        return None

    def refuse_size(self, side: int) -> None:
        """Passes if the backbone takes images of this side, pixels.

        Raises:
            BackboneError: it doesn't; the message says what to set.
        """
        error = self.size_error(side)
        if error is not None:
            raise BackboneError(
                f"params.yaml: backbone {self.spec.backbone} takes no images of {side} pixels "
                f"({error}); set another model.image_size, or init.kwargs: {{img_size: {side}}} "
                "where timm has that"
            ) from error

    def from_features(self, pooled: Tensor) -> Outputs:
        """Returns the raw outputs of what `features` gave."""
        features = self.mlp(pooled)
        return Outputs(
            age=self.age(features) if self.age is not None else None,
            gender=self.gender(features) if self.gender is not None else None,
        )


def shared_mlp(width: int, widths: tuple[int, ...], *, dropout: float) -> nn.Sequential:
    """Returns Linear -> BatchNorm -> GELU -> Dropout for each of `widths`; empty without any."""
    blocks = [
        nn.Sequential(
            nn.Linear(before, after), nn.BatchNorm1d(after), nn.GELU(), nn.Dropout(dropout)
        )
        for before, after in pairwise((width, *widths))
    ]
    return nn.Sequential(*blocks)


def count_parameters(network: nn.Module) -> int:
    """Returns the number of parameters, frozen ones included."""
    return sum(p.numel() for p in network.parameters())
