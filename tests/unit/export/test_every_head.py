"""The ONNX file of each age head, of one task alone, of other backbones: PyTorch's numbers."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch

from visage import __version__
from visage.codes import Task
from visage.export.artefact import read_artefact
from visage.export.formats.onnx import write
from visage.files.jsons import read_json, write_json
from visage.inference.face_model import FaceModel, load_face_model
from visage.inference.onnx_model import METADATA
from visage.models.checkpoint import load_model, save_model
from visage.models.network import Network
from visage.posterior.decision import Baseline, Decision

pytestmark = pytest.mark.slow
AGE, GENDER = Task.AGE, Task.GENDER
VARIANTS = [
    ("test_resnet", "regression", (AGE,)),
    ("test_convnext", "ordinal", (AGE, GENDER)),
    ("test_vit", "distribution", (GENDER,)),
]
VERSIONS = {"torch": "2.14.1", "timm": "1.0.31"}  # as the training writes them
OF_AGE = ("age", "age_low", "age_high", "posterior")
OF_GENDER = ("gender", "gender_probability")


@pytest.fixture(scope="module", params=VARIANTS, ids=lambda one: f"{one[0]}-{one[1]}")
def exported(
    request: pytest.FixtureRequest, trained_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, tuple[Task, ...]]:
    """Returns a folder of a model that is not trained, its ONNX file, and its tasks."""
    backbone, head, tasks = request.param
    folder = tmp_path_factory.mktemp("variant") / "models"
    shutil.copytree(trained_folder, folder)
    change(folder, backbone=backbone, age_head=head, tasks=tasks)
    file = folder.parent / "model.onnx"
    write(read_artefact(folder, view_names=None), file)
    return folder, file, tasks


def change(folder: Path, *, backbone: str, age_head: str, tasks: tuple[Task, ...]) -> None:
    """Puts another network into a folder, and takes from its decision what that lacks."""
    weights, card, decided = (
        folder / name for name in ("model.safetensors", "model.json", "decision.json")
    )
    spec = replace(load_model(weights, card).spec, backbone=backbone, age_head=age_head)
    spec = replace(spec, tasks=tasks)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = Network(spec)
    if age_head == "regression" and AGE in tasks:  # untrained, it says newborn of everybody
        torch.nn.init.constant_(network.get_submodule("age.linear").bias, 0.3)
    facts = {name: read_json(card)[name] for name in ("init", "fingerprint")}
    facts["versions"] = VERSIONS
    save_model(weights, card, spec=spec, state=network.state_dict(), facts=facts)
    (folder / "familiar.safetensors").unlink()  # features of the backbone that was
    decision = replace(Decision.from_json(read_json(decided)), tasks=tasks)
    decision = replace(decision, familiarity_limit=None, unfamiliar_share=None)
    if AGE not in tasks:
        decision = replace(decision, age_intervals=None)
        decision = replace(decision, baseline=Baseline(None, 1))
    if GENDER not in tasks:
        decision = replace(decision, gender_threshold=None, gender_temperature=None)
        decision = replace(decision, baseline=Baseline(30.0, None))
    write_json(decided, decision.to_json())


def said(model: FaceModel, pixels: np.ndarray) -> dict[str, Any]:
    """Returns what a model says, without what it does not."""
    told = model(pixels)
    names = ("age", "age_median", "age_low", "age_high", "gender", "male_probability")
    values = {name: getattr(told, name) for name in names}
    return {name: value.tolist() for name, value in values.items() if value is not None}


def test_estimates_are_those_of_pytorch(
    exported: tuple[Path, Path, tuple[Task, ...]], pixels: np.ndarray
) -> None:
    folder, file, tasks = exported
    expected, found = (said(load_face_model(path), pixels) for path in (folder, file))
    assert ("age" in found, "gender" in found) == (AGE in tasks, GENDER in tasks)
    assert found.keys() == expected.keys()
    for name, values in found.items():
        # A point mass's median moves by many times what its mean does.
        near = 0.05 if name == "age_median" else 2e-3
        assert values == pytest.approx(expected[name], abs=near), name
    shown = found["age" if AGE in tasks else "male_probability"]
    assert len({round(value, 3) for value in shown}) > 5  # not the same of everybody


def test_only_the_models_tasks_are_outputs(
    exported: tuple[Path, Path, tuple[Task, ...]],
) -> None:
    _, file, tasks = exported
    outputs = [output.name for output in onnx.load(file).graph.output]
    expected = OF_AGE * (AGE in tasks) + OF_GENDER * (GENDER in tasks)
    assert sorted(outputs) == sorted(expected)


def test_the_file_itself_says_what_it_is(
    exported: tuple[Path, Path, tuple[Task, ...]],
) -> None:
    _, file, tasks = exported
    (prop,) = [one for one in onnx.load(file).metadata_props if one.key == METADATA]
    told = json.loads(prop.value)
    assert told["licence"]["visage"] == "MIT"
    assert told["licence"]["initial weights"] == "apache-2.0"
    assert told["hashes"]["data"] == "d" * 64
    assert told["classes"] == {"gender": {"0": "female", "1": "male"}}
    assert told["facts"]["tasks"] == [task.value for task in tasks]
    units = {name: text.partition(",")[0] for name, text in told["outputs"].items()}
    of_age = {name: units.get(name) for name in ("age", "age_low", "age_high")}
    assert set(of_age.values()) == {"years" if AGE in tasks else None}
    assert told["versions"] == {**VERSIONS, "visage": __version__}
