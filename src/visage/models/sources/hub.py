"""timm's published weights from the Hugging Face hub, e.g. `init.tag: resnet18.a1_in1k`.

The download happens once: the `init` stage's output in DVC's cache keeps the very bytes.
"""

import os
import urllib.error
import urllib.request
from typing import Any

import timm
from huggingface_hub import constants

from visage.models.backbone import BackboneError, normalisation
from visage.models.names import registered_names
from visage.models.weights import InitialWeights, WeightsError, WeightsRequest, other_ways
from visage.registry import unknown

REACHABLE_WITHIN_SECONDS = 5


def initial(request: WeightsRequest) -> InitialWeights:
    """Returns the published weights of `request.tag`, or timm's default tag of the backbone.

    Raises:
        BackboneError: timm has no such backbone, or refuses `request.kwargs`.
        WeightsError: there is no such tag, or the hub can't be reached; the other sources are
            named.
    """
    name = published_name(request.backbone, request.tag)
    _stay_offline_if_unreachable()
    try:
        backbone = timm.create_model(name, pretrained=True, num_classes=0, **request.kwargs)
    except (TypeError, ValueError, RuntimeError) as error:
        raise BackboneError(
            f"timm can't build {name} with init.kwargs {request.kwargs}: {error}"
        ) from error
    except OSError as error:  # the hub's errors and those of the network are OSErrors
        raise WeightsError(
            f"the weights {name} can't be had from the hub ({type(error).__name__}: no connection "
            f"and not in the local cache). Other ways:\n{other_ways('hub')}"
        ) from error
    config: Any = backbone.pretrained_cfg
    licence = str(config.get("license") or "not stated by timm; see the hub's page")
    return InitialWeights(backbone.state_dict(), normalisation(backbone), f"hub {name}", licence)


def published_name(backbone: str, tag: str | None) -> str:
    """Returns the hub's name, `backbone.tag`; the tag may be given with or without the backbone.

    Raises:
        BackboneError: timm has no such backbone.
        WeightsError: timm knows no such weights for the backbone.
    """
    if not timm.is_model(backbone):
        raise BackboneError(unknown(backbone, registered_names(), param="backbone"))
    known = [f"{backbone}.{tag}" for tag in _published_tags(backbone)]
    if not known:
        raise WeightsError(f"timm has no published weights of {backbone}:\n{other_ways('hub')}")
    if tag is None:
        return known[0]
    name = tag if tag.startswith(f"{backbone}.") else f"{backbone}.{tag}"
    if name not in known:
        raise WeightsError(unknown(name, known, param="init.tag"))
    return name


def _published_tags(backbone: str) -> list[str]:
    """Returns the tags of the weights of `backbone`, timm's default first."""
    names = timm.list_pretrained(f"{backbone}.*")
    config = timm.get_pretrained_cfg(backbone)
    default = config.tag if config else None
    return sorted((name.partition(".")[2] for name in names), key=lambda tag: (tag != default, tag))


def _stay_offline_if_unreachable() -> None:
    """Spares the user the hub client's five retries (47 s) where there is no network."""
    request = urllib.request.Request(constants.ENDPOINT, method="HEAD")  # noqa: S310 (https, the client's own)
    try:
        urllib.request.urlopen(request, timeout=REACHABLE_WITHIN_SECONDS).close()  # noqa: S310
    except urllib.error.HTTPError:
        return  # it answers
    except (OSError, ValueError):
        os.environ["HF_HUB_OFFLINE"] = "1"
        constants.HF_HUB_OFFLINE = True
