"""The model is named in dvc.yaml as an artifact, for `dvc artifacts get` and model registries."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dvc.annotations import ARTIFACT_SCHEMA
from dvc.repo.artifacts import name_is_compatible
from voluptuous import Invalid, Schema

from visage.files.paths import MODEL
from visage.files.pipeline import read_pipeline

Break = Callable[[str, str, str], None]
TOLD = {"path", "type", "desc", "labels"}


def faults(root: Path) -> Iterator[str]:
    """Artifacts that DVC refuses, that no stage makes, or that do not say what they are."""
    pipeline = read_pipeline(root / "dvc.yaml")
    made = [out for stage in pipeline["stages"].values() for out in stage.get("outs") or []]
    for name, artifact in pipeline["artifacts"].items():
        if not name_is_compatible(name):
            yield f"{name}: name"
        if artifact.get("path") not in made:
            yield f"{name}: path"
        yield from (f"{name}: no {key}" for key in sorted(TOLD - artifact.keys()))
        try:
            Schema(ARTIFACT_SCHEMA)(artifact)
        except Invalid:
            yield f"{name}: schema"


def test_the_model_is_an_artifact(root: Path) -> None:
    listed = read_pipeline(root / "dvc.yaml")["artifacts"]
    assert [(one["path"], one["type"]) for one in listed.values()] == [(str(MODEL), "model")]
    assert list(faults(root)) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("  age-gender:\n", "  age_gender!:\n", "age_gender!: name"),
        ("    path: models/model.safetensors", "    path: models/modle.safetensors", "path"),
        ("    type: model\n", "", "age-gender: no type"),
        ("    type: model\n", "    type: model\n    licence: none\n", "age-gender: schema"),
    ],
)
def test_seen_to_fail(copy: Path, broken: Break, old: str, new: str, fault: str) -> None:
    broken("dvc.yaml", old, new)
    assert [found for found in faults(copy) if found.endswith(fault)]
