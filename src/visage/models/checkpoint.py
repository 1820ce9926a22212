"""A finished model on disk: `model.safetensors` and `model.json`, together all that is needed.

The JSON holds the network's specification and the data's coding; loading refuses what does not
match, by name, instead of giving wrong ages.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torch import Tensor

from visage.codes import FEMALE, MALE, Task
from visage.files.jsons import read_json, write_json
from visage.models.backbone import Normalisation
from visage.models.network import Network, NetworkSpec
from visage.models.tensors import CheckpointError, load_tensors, save_tensors

FORMAT_VERSION = 1
GENDER_CODING = {"female": FEMALE, "male": MALE}


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
    return build_model(read_json(card), load_tensors(weights), where=f"{weights} and {card}")


def build_model(facts: dict[str, Any], tensors: Mapping[str, Tensor], *, where: str) -> Network:
    """Returns the model that a model.json describes, in evaluation mode on the CPU.

    Args:
        facts: the content of model.json.
        tensors: the weights.
        where: what both come from, for messages.

    Raises:
        CheckpointError: the facts are of another format, or do not fit the weights.
    """
    if facts.get("format_version") != FORMAT_VERSION or facts.get("gender_coding") != GENDER_CODING:
        raise CheckpointError(
            f"{where}: format_version {facts.get('format_version')} with gender_coding "
            f"{facts.get('gender_coding')} is not what this visage reads ({FORMAT_VERSION}, "
            f"{GENDER_CODING}); train again with `dvc repro`"
        )
    try:
        network = Network(_from_json(facts))
        network.load_state_dict(tensors)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise CheckpointError(f"{where} do not fit: {error}; run `dvc repro`") from error
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
        pool=facts.get("pool", NetworkSpec.pool),
    )
