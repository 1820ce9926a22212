"""Which options of a params file are without effect, or do other than what is likely meant.

They are no faults: a recipe may inherit them. `visage check` and the `train` stage say them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

IDLE_UNDER_HEAD_ONLY: Final = {  # the values that ask for nothing
    "model.drop_path_rate": 0.0,
    "train.layer_decay": 1.0,
    "train.frozen_stages": 0,
    "train.freeze_norms_after": None,
}


def notes_of(tree: Mapping[str, Any]) -> list[str]:
    """Returns the notes on a whole tree of parameters that has no faults."""
    return [*_validation(tree), *_model(tree), *_frozen(tree), *_rate(tree)]


def _validation(tree: Mapping[str, Any]) -> Iterator[str]:
    if not tree["split"]["fractions"]["validation"]:
        yield (
            "there is no validation part (split.fractions.validation is 0): train.monitor and "
            "train.patience are without effect, and the last epoch is kept"
        )


def _model(tree: Mapping[str, Any]) -> Iterator[str]:
    model, train = tree["model"], tree["train"]
    if not model["mlp"] and model["dropout"]:
        yield "model.mlp is [], and dropout is behind its layers: model.dropout is without effect"
    if train["balance"] == "uncertainty" and len(set(train["loss_weights"].values())) > 1:
        yield (
            "train.balance is uncertainty, which learns how the losses are weighed: "
            "train.loss_weights is without effect"
        )


def _frozen(tree: Mapping[str, Any]) -> Iterator[str]:
    finetune = tree["train"]["finetune"]
    if finetune == "gradual" and tree["train"]["epochs"] == 1:
        yield (
            "train.finetune is gradual, whose first epoch trains no layer of the backbone, and "
            "train.epochs is 1: it is never trained"
        )
    if finetune != "head_only":
        return
    idle = [name for name, none in IDLE_UNDER_HEAD_ONLY.items() if _value(tree, name) != none]
    if idle:
        yield (
            "train.finetune is head_only, which leaves the backbone as it is: "
            f"{', '.join(idle)} {'is' if len(idle) == 1 else 'are'} without effect"
        )
    if tree["init"]["source"] == "random":
        yield (
            "train.finetune is head_only and init.source random: the heads learn from the features "
            "of a backbone that never learnt anything"
        )


def _rate(tree: Mapping[str, Any]) -> Iterator[str]:
    train = tree["train"]
    if train["schedule"] != "constant" and train["warmup_epochs"] == train["epochs"]:
        yield (
            f"train.warmup_epochs is train.epochs ({train['epochs']}): the rate rises until the "
            f"end, and train.schedule: {train['schedule']} never lowers it"
        )


def _value(tree: Mapping[str, Any], name: str) -> Any:
    section, _, option = name.partition(".")
    return tree[section][option]
