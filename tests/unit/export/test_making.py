"""From a folder to a file that was looked at before it got its name."""

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import onnx
import pytest
import torch

from visage.export import making
from visage.export.artefact import ExportError
from visage.export.making import Asked, beside, make
from visage.files.jsons import read_json
from visage.inference.face_model import load_face_model
from visage.models.checkpoint import load_model, save_model
from visage.models.network import Network

NAMES = (
    *("age", "age_low", "age_high", "posterior", "gender", "gender_probability"),
    "familiarity",
)


def asked(models: Path, format_: str, *, int8: bool = False, n_check: int = 8) -> Asked:
    return Asked(models, format_, ("identity", "hflip"), int8=int8, n_check=n_check)


@pytest.mark.parametrize("views", [("identity", "hflip"), ("identity", "finer")])
@pytest.mark.parametrize("format_", ["safetensors", "torchscript"])
def test_a_file_is_held_against_pytorch(
    format_: str, views: tuple[str, ...], trained_folder: Path, ingested: Path
) -> None:
    output = ingested / "exports/model"
    made = make(replace(asked(trained_folder, format_), views=views), output, project=ingested)
    assert output.stat().st_size > 0
    assert made.checked is not None
    assert (made.checked.n, made.checked.same_pixels["gender"]) == (8, 0)
    told = json.loads(beside(output).read_text())
    assert told["measured"]["checked"]["n"] == 8


@pytest.fixture
def attentive(trained_folder: Path, tmp_path: Path) -> Path:
    """Returns a copy of the folder whose network weighs the fields of its last feature map."""
    folder = tmp_path / "attentive"
    shutil.copytree(trained_folder, folder)
    weights, card = folder / "model.safetensors", folder / "model.json"
    trained = load_model(weights, card)
    network = Network(replace(trained.spec, image_size=64, pool="attention"))
    torch.nn.init.normal_(network.get_parameter("pool.scores"), std=30)
    state = {**network.state_dict(), **trained.state_dict()}
    facts = {name: read_json(card)[name] for name in ("init", "fingerprint")}
    save_model(weights, card, spec=network.spec, state=state, facts=facts)
    return folder


@pytest.mark.parametrize("format_", ["safetensors", "torchscript", "onnx"])
def test_weights_of_fields_are_in_the_file(format_: str, attentive: Path, ingested: Path) -> None:
    made = make(asked(attentive, format_), ingested / "model", project=ingested)
    assert made.checked is not None
    assert (made.checked.n, made.checked.same_pixels["gender"]) == (8, 0)
    assert made.checked.same_pixels["age"] < 0.01


def test_a_file_says_what_it_is(trained_folder: Path, ingested: Path) -> None:
    output = ingested / "model.pt"
    make(asked(trained_folder, "torchscript", n_check=0), output, project=ingested)
    with zipfile.ZipFile(output) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/visage.json"))
        told = json.loads(archive.read(name))
    assert told["classes"] == {"gender": {"0": "female", "1": "male"}}
    assert told["outputs"]["age"].startswith("years")
    assert told["licence"]["initial weights"] == "apache-2.0"
    assert told["hashes"]["data"] == "d" * 64
    assert told["views"] == ["identity", "hflip"]
    assert told["facts"]["image_size"] == 32
    assert -1 < told["facts"]["familiarity_limit"] < 1
    assert "facts.familiarity_limit" in told["outputs"]["unfamiliar"]


def test_a_refused_file_leaves_nothing(
    trained_folder: Path, ingested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("visage.export.checking.SAME_PIXELS", dict.fromkeys(NAMES, -1.0))
    with pytest.raises(ExportError, match="nothing was written"):
        make(asked(trained_folder, "safetensors"), ingested / "model", project=ingested)
    assert not (ingested / "model").exists()


def test_an_unknown_format_names_the_likely_one(trained_folder: Path, ingested: Path) -> None:
    with pytest.raises(ExportError, match="--format: there is no 'onx'; did you mean onnx"):
        make(asked(trained_folder, "onx"), ingested / "model", project=ingested)


def test_eight_bits_are_for_views_of_one_size(trained_folder: Path, ingested: Path) -> None:
    finer = replace(asked(trained_folder, "onnx", int8=True), views=("identity", "finer"))
    with pytest.raises(ExportError, match="one of these sees faces finer; name views as --views"):
        make(finer, ingested / "m.onnx", project=ingested)


def test_eight_bits_are_for_onnx(trained_folder: Path, ingested: Path) -> None:
    with pytest.raises(ExportError, match="--int8 is for --format onnx"):
        make(asked(trained_folder, "torchscript", int8=True), ingested / "m", project=ingested)


def test_eight_bits_without_faces_are_told_to_be_left_out(
    trained_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match=r"dvc repro`, or leave --int8 out") as refused:
        make(asked(trained_folder, "onnx", int8=True, n_check=0), tmp_path / "m", project=tmp_path)
    assert "--check" not in str(refused.value)


@pytest.mark.slow
def test_eight_bits_make_a_smaller_file_and_say_their_cost(
    trained_folder: Path, ingested: Path, pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_YEARS_LOST", 50.0)  # untrained, it has nothing to lose
    monkeypatch.setattr(making, "MOST_ACCURACY_LOST", 1.0)
    full, small = ingested / "full.onnx", ingested / "small.onnx"
    make(asked(trained_folder, "onnx"), full, project=ingested)
    made = make(asked(trained_folder, "onnx", int8=True), small, project=ingested)
    assert made.cost is not None
    assert made.cost.before.n == made.cost.after.n == 12
    assert (made.cost.before.unfamiliar or 0) > 0
    assert made.cost.after.unfamiliar is not None
    kinds = {node.op_type for node in onnx.load(small).graph.node}
    assert "QuantizeLinear" in kinds
    assert small.stat().st_size < full.stat().st_size
    expected, found = (load_face_model(path)(pixels) for path in (full, small))
    assert found.age == pytest.approx(expected.age, abs=5)


@pytest.mark.slow
def test_eight_bits_that_cost_too_much_are_refused(
    trained_folder: Path, ingested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_YEARS_LOST", -50.0)
    with pytest.raises(ExportError, match=r"eight bits cost too much of this model: MAE"):
        make(asked(trained_folder, "onnx", int8=True), ingested / "m.onnx", project=ingested)
    assert not (ingested / "m.onnx").exists()
