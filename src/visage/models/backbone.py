"""The backbone: any timm model without its classifier, giving one feature vector an image."""

from dataclasses import dataclass
from typing import Any

import timm
from torch import nn

from visage.errors import VisageError
from visage.models.names import registered_names
from visage.registry import unknown


class BackboneError(VisageError):
    """timm has no such model, or refuses its arguments."""


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation a channel (RGB), of pixels in [0, 1]."""

    mean: tuple[float, ...]
    std: tuple[float, ...]


def build(name: str, *, drop_path_rate: float = 0.0, kwargs: dict[str, Any] | None = None) -> Any:
    """Returns the timm model `name` without classifier, randomly initialised.

    Its output has shape (N, `feature_width`). Random values come from torch's global generator.

    Raises:
        BackboneError: timm has no such model (near matches are named), or refuses `kwargs`.
    """
    if not timm.is_model(name):
        raise BackboneError(unknown(name, registered_names(), param="backbone"))
    arguments = dict(kwargs or {})
    if drop_path_rate:
        arguments["drop_path_rate"] = drop_path_rate
    try:
        return timm.create_model(name, num_classes=0, **arguments)
    except (TypeError, ValueError, RuntimeError, AssertionError) as error:
        raise BackboneError(
            f"params.yaml: timm refuses backbone {name} with {arguments}: {error}; "
            "mend init.kwargs or model.drop_path_rate"
        ) from error


def feature_width(backbone: nn.Module) -> int:
    """Returns the number of pooled features; some models add a layer behind the last block."""
    return int(getattr(backbone, "head_hidden_size", None) or backbone.num_features)  # type: ignore[arg-type]


def normalisation(backbone: Any) -> Normalisation:
    """Returns what the backbone's published weights were trained with."""
    config = backbone.pretrained_cfg
    return Normalisation(tuple(config["mean"]), tuple(config["std"]))
