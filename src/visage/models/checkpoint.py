"""A finished model on disk: `model.safetensors` and `model.json`, together all that is needed.

The JSON holds the network's specification and the data's coding; loading refuses what does not
match, by name, instead of giving wrong ages.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from visage.errors import VisageError
from visage.files.atomic import atomic_file
from visage.files.jsons import read_json, write_json
from visage.models.backbone import Normalisation
from visage.models.network import Network, NetworkSpec
from visage.schema import FEMALE, MALE, Task

FORMAT_VERSION = 1
GENDER_CODING = {"female": FEMALE, "male": MALE}


class CheckpointError(VisageError):
    """The model's files are missing, damaged, or do not belong together."""


def save_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Writes tensors, whole or not at all; the same values give the same bytes."""
    with atomic_file(path) as temporary:
        plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
        save_file(plain, str(temporary))


def load_tensors(path: Path) -> dict[str, Tensor]:
    """Returns the tensors in `path`, on the CPU.

    Raises:
        CheckpointError: the file is missing or damaged.
    """
    if not path.is_file():
        raise CheckpointError(f"{path} is missing; run `dvc repro`")
    try:
        tensors: dict[str, Tensor] = load_file(str(path))
    except SafetensorError as error:
        raise CheckpointError(f"{path} is damaged ({error}); run `dvc repro`") from None
    return tensors


def save_model(
    weights: Path,
    card: Path,
    *,
    spec: NetworkSpec,
    state: Mapping[str, Tensor],
    facts: dict[str, Any],
) -> None:
    """Writes a model: its tensors, and its specification with `facts` about its training."""
    save_tensors(weights, state)
    own = {"format_version": FORMAT_VERSION, "gender_coding": GENDER_CODING}
    write_json(card, {**facts, **own, **_to_json(spec)})


def load_model(weights: Path, card: Path) -> Network:
    """Returns the model, in evaluation mode on the CPU.

    Raises:
        CheckpointError: files are missing, damaged, of another format, or do not fit each other.
    """
    facts = read_json(card)
    if facts.get("format_version") != FORMAT_VERSION or facts.get("gender_coding") != GENDER_CODING:
        raise CheckpointError(
            f"{card}: format_version {facts.get('format_version')} with gender_coding "
            f"{facts.get('gender_coding')} is not what this visage reads ({FORMAT_VERSION}, "
            f"{GENDER_CODING}); train again with `dvc repro`"
        )
    try:
        network = Network(_from_json(facts))
        network.load_state_dict(load_tensors(weights))
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise CheckpointError(
            f"{weights} and {card} do not fit: {error}; run `dvc repro`"
        ) from error
    return network.eval()


def _to_json(spec: NetworkSpec) -> dict[str, Any]:
    tree = asdict(spec)
    normalisation = tree.pop("normalisation")
    return {**tree, "mean": normalisation["mean"], "std": normalisation["std"]}


def _from_json(facts: dict[str, Any]) -> NetworkSpec:
    return NetworkSpec(
        backbone=facts["backbone"],
        backbone_kwargs=facts["backbone_kwargs"],
        drop_path_rate=facts["drop_path_rate"],
        tasks=tuple(Task(task) for task in facts["tasks"]),
        age_head=facts["age_head"],
        age_max=facts["age_max"],
        mlp=tuple(facts["mlp"]),
        dropout=facts["dropout"],
        image_size=facts["image_size"],
        normalisation=Normalisation(tuple(facts["mean"]), tuple(facts["std"])),
    )
