"""The whole of params.yaml is checked before anything slow begins.

DVC checks no value: a misspelt backbone would be found by `init`, after minutes of `ingest`. No
member of a registry is imported but the sampling scheme, which is small, and neither is torch, so
that every stage can afford this.
"""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from visage.inference.sizes import given_size
from visage.models.names import registered_names
from visage.params.all import faults_of
from visage.params.load import PARAMS_FILE, ParamsError, read_params
from visage.params.notes import notes_of
from visage.registry import members, no_such
from visage.sweep.repository import missing_folder

SCHEMES: Final = "visage.data.schemes"
REGISTRIES: Final = {
    "data.source": "visage.data.sources",
    "data.sources.source": "visage.data.sources",
    "data.align": "visage.finding.finders",
    "split.method": "visage.data.splits",
    "model.pool": "visage.models.pools",
    "model.age_head": "visage.models.heads",
    "weights.scheme": SCHEMES,
    "init.source": "visage.models.sources",
    "train.schedule": "visage.optim.schedules",
    "train.finetune": "visage.optim.policies",
    "infer.views": "visage.inference.views",
}


def guard(path: Path = PARAMS_FILE, *, rooted: bool = True) -> None:
    """Checks a params file: sections, names that stand for files, the backbone, the root.

    rooted: False where no data are needed, so that the root may be elsewhere.

    Raises:
        ParamsError: with every fault of the file.
    """
    tree = read_params(path)
    faults = all_faults(tree, path=path) or (_missing_root(tree) if rooted else [])
    if faults:
        raise ParamsError(path, faults)


def say_notes(path: Path = PARAMS_FILE, *, first: bool) -> None:
    """Says on standard error which options of a file without faults are without effect.

    first: whether this is the first of several processes, which alone speaks.
    """
    notes = notes_of(read_params(path)) if first else []
    sys.stderr.writelines(f"WARNING: {note}\n" for note in notes)


def all_faults(tree: Mapping[str, Any], *, path: Path = PARAMS_FILE) -> list[str]:
    """Returns every fault of a whole tree of parameters; `path` names its file in messages."""
    faults = [*faults_of(dict(tree), path=path), *_unknown_names(tree)]
    return faults or [*_weighted_twice(tree), *_finer_than_stored(tree)]


def _missing_root(tree: Mapping[str, Any]) -> list[str]:
    """A relative root may be a stage's output; what stands outside of the project must be there."""
    root = Path(tree["data"]["root"])
    return missing_folder(root) if root.is_absolute() else []


def _weighted_twice(tree: Mapping[str, Any]) -> Iterator[str]:
    """Yields the fault of genders that are weighted by the sampler and by the loss."""
    weight, scheme = tree["train"]["gender_pos_weight"], tree["weights"]["scheme"]
    weighs_gender = getattr(import_module(f"{SCHEMES}.{scheme}"), "WEIGHS_GENDER", False)
    if weighs_gender and "gender" in tree["tasks"] and weight != 1:
        yield (
            f"train.gender_pos_weight: {weight} weights men in the loss, and weights.scheme: "
            f"{scheme} draws both genders equally often, which would count twice; set "
            "train.gender_pos_weight: 1.0, or a scheme that goes by age alone"
        )


def _finer_than_stored(tree: Mapping[str, Any]) -> Iterator[str]:
    """Yields the fault of views that want more pixels than `ingest` keeps."""
    wanted = given_size(tree["infer"]["views"], image_size=tree["model"]["image_size"])
    if wanted > tree["ingest"]["store_size"]:
        yield (
            f"infer.views: the finer ones see faces of {wanted} pixels, and ingest.store_size is "
            f"{tree['ingest']['store_size']}; set ingest.store_size: {wanted}, or leave them out"
        )


def _unknown_names(tree: Mapping[str, Any]) -> Iterator[str]:
    for param, package in REGISTRIES.items():
        yield from _not_among(members(package), _texts_at(tree, param), param=param)
    backbones = registered_names()
    if backbones:
        yield from _not_among(backbones, _texts_at(tree, "backbone"), param="backbone")


def _not_among(known: list[str], names: list[str], *, param: str) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{param}: {no_such(name, known)}"


def _texts_at(tree: Mapping[str, Any], param: str) -> list[str]:
    """The text or texts under a dotted name; what is of another type is another fault's matter."""
    value: Any = tree
    for step in param.split("."):
        value = _below(value, step)
    values = value if isinstance(value, list) else [value]
    return [value for value in values if isinstance(value, str)]


def _below(value: Any, step: str) -> Any:
    """What stands under a key, of each element of a list."""
    if isinstance(value, list):
        return [_below(element, step) for element in value]
    return value.get(step) if isinstance(value, Mapping) else None
