"""A folder as a face model says what `infer` and the evaluation say."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from visage.codes import Task
from visage.files.hashes import sha256_file
from visage.files.jsons import read_json, write_json
from visage.inference.face_model import FaceModelError, load_face_model
from visage.inference.familiarity import Familiarity, save_familiarity
from visage.inference.predictor import Predictor
from visage.inference.seeing import views
from visage.models.checkpoint import load_model
from visage.models.tensors import CheckpointError
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate
from visage.registry import UnknownMemberError


def test_estimates_are_those_of_the_pipeline(trained_folder: Path, pixels: np.ndarray) -> None:
    names = ["identity", "hflip"]
    network = load_model(trained_folder / "model.safetensors", trained_folder / "model.json")
    predictor = Predictor(network, views(names), device=torch.device("cpu"))
    found = predictor([torch.from_numpy(pixels).permute(0, 3, 1, 2)])
    assert found.posterior is not None
    assert found.gender_probability is not None
    decision = Decision.from_json(read_json(trained_folder / "decision.json"))
    expected = estimate(
        found.posterior.mean(axis=1, dtype=np.float64),
        found.gender_probability.mean(axis=1, dtype=np.float64),
        decision=decision,
    )
    told = load_face_model(trained_folder, views=names)(pixels)
    for field in ("age", "age_low", "age_high", "gender", "male_probability"):
        assert getattr(told, field) == pytest.approx(getattr(expected, field), abs=1e-4)


def test_without_a_word_the_views_are_those_of_the_decision(
    trained_folder: Path, pixels: np.ndarray
) -> None:
    fitted = Decision.from_json(read_json(trained_folder / "decision.json"))
    told, both, one = (
        load_face_model(trained_folder, views=names)(pixels).age
        for names in (None, fitted.views, ("identity",))
    )
    assert len(fitted.views) == 2
    assert told == pytest.approx(both)
    assert told != pytest.approx(one)


def test_facts_are_those_of_the_files(trained_folder: Path) -> None:
    facts = load_face_model(trained_folder).facts
    assert (facts.image_size, facts.tasks) == (32, (Task.AGE, Task.GENDER))
    assert (facts.age_coverage, facts.gender_threshold) == (0.9, 0.45)
    assert facts.sha256 == sha256_file(trained_folder / "model.safetensors")


def test_no_faces_give_no_estimates(trained_folder: Path) -> None:
    told = load_face_model(trained_folder)(np.empty((0, 32, 32, 3), np.uint8))
    assert told.age is not None
    assert told.gender is not None
    assert told.unfamiliar is not None
    assert (told.age.shape, told.gender.shape, told.unfamiliar.shape) == ((0,), (0,), (0,))


@pytest.fixture
def folder(trained_folder: Path, tmp_path: Path) -> Path:
    """Returns a copy of the folder, to be changed."""
    return Path(shutil.copytree(trained_folder, tmp_path / "models"))


def test_a_folder_of_before_is_read_as_before(
    folder: Path, trained_folder: Path, pixels: np.ndarray, caplog: pytest.LogCaptureFixture
) -> None:
    decision = read_json(folder / "decision.json")
    old = {key: value for key, value in decision.items() if "familiar" not in key}
    write_json(folder / "decision.json", old)
    (folder / "familiar.safetensors").unlink()
    told = load_face_model(folder)(pixels)
    assert (told.unfamiliar, caplog.text) == (None, "")
    assert told.age.tolist() == load_face_model(trained_folder)(pixels).age.tolist()


def test_a_folder_that_has_lost_its_known_faces_works_and_says_so(
    folder: Path, pixels: np.ndarray, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "familiar.safetensors").unlink()
    model = load_face_model(folder)
    assert (model.facts.familiarity_limit, model(pixels).unfamiliar) == (None, None)
    assert "familiar.safetensors is missing" in caplog.text
    assert "run `dvc repro`" in caplog.text


def test_known_faces_of_another_model_are_refused(folder: Path) -> None:
    other = Familiarity(torch.ones(4, 7), nearest=2)
    save_familiarity(folder / "familiar.safetensors", other)
    with pytest.raises(CheckpointError, match=r"made with another one; .*dvc repro infer"):
        load_face_model(folder)


def test_a_decision_of_other_weights_is_refused(folder: Path) -> None:
    weights, decided = folder / "model.safetensors", folder / "decision.json"
    decision = read_json(decided)
    write_json(decided, {**decision, "model_sha256": sha256_file(weights)})
    assert load_face_model(folder).facts.sha256 == sha256_file(weights)
    write_json(decided, {**decision, "model_sha256": "0" * 64})
    with pytest.raises(FaceModelError, match=r"fitted for other weights than .*`dvc repro`"):
        load_face_model(folder)


def test_an_unknown_view_is_refused(trained_folder: Path) -> None:
    with pytest.raises(UnknownMemberError, match="did you mean hflip"):
        load_face_model(trained_folder, views=["hflp"])
