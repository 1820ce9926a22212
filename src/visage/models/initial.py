"""Initial weights on disk, with their licence on record: what `init` leaves for `train`."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from visage.files.hashes import sha256_file
from visage.files.jsons import read_json, write_json
from visage.models.backbone import Normalisation
from visage.models.tensors import load_tensors, save_tensors
from visage.models.weights import InitialWeights, WeightsRequest


@dataclass(frozen=True)
class StoredWeights:
    """Initial weights as `init` left them: the source's name and the backbone's arguments, too."""

    weights: InitialWeights
    source: str
    kwargs: dict[str, Any]


def save_initial(
    tensors: Path, facts: Path, *, source: str, request: WeightsRequest, weights: InitialWeights
) -> None:
    """Writes the initial weights and where they are from."""
    save_tensors(tensors, weights.state)
    write_json(
        facts,
        {
            "backbone": request.backbone,
            "kwargs": request.kwargs,
            "source": source,
            "origin": weights.origin,
            "licence": weights.licence,
            "sha256": sha256_file(tensors),
            "found": weights.found.facts() if weights.found else None,
            **asdict(weights.normalisation),
        },
    )


def load_initial(tensors: Path, facts: Path) -> StoredWeights:
    """Returns what `save_initial` wrote, but for the account of a foreign file."""
    tree = read_json(facts)
    weights = InitialWeights(
        state=load_tensors(tensors),
        normalisation=Normalisation(tuple(tree["mean"]), tuple(tree["std"])),
        origin=tree["origin"],
        licence=tree["licence"],
    )
    return StoredWeights(weights, source=tree["source"], kwargs=dict(tree["kwargs"]))
