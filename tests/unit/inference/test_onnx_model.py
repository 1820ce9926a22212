"""A file as a face model: what PyTorch says, what it tells of itself, what it refuses."""

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest

from visage.codes import Task
from visage.export.artefact import read_artefact
from visage.export.formats.onnx import write
from visage.files.hashes import sha256_file
from visage.files.jsons import read_json, write_json
from visage.inference.face_model import FaceModelError, load_face_model

VIEWS = ["identity", "hflip"]


def test_estimates_are_those_of_pytorch(
    onnx_file: Path, trained_folder: Path, pixels: np.ndarray
) -> None:
    expected = load_face_model(trained_folder, views=VIEWS)(pixels)
    found = load_face_model(onnx_file)(pixels)
    for field in ("age", "age_median", "age_low", "age_high", "male_probability", "familiarity"):
        assert getattr(found, field) == pytest.approx(getattr(expected, field), abs=1e-3)
    assert found.gender.tolist() == expected.gender.tolist()
    assert found.age_coverage == 0.9
    assert found.unfamiliar.tolist() == expected.unfamiliar.tolist()
    assert 0 < expected.unfamiliar.sum() < len(pixels)


def test_a_file_without_known_faces_says_nothing_of_them(
    trained_folder: Path, tmp_path: Path, pixels: np.ndarray
) -> None:
    folder, file = tmp_path / "models", tmp_path / "old.onnx"
    shutil.copytree(trained_folder, folder)
    decision = read_json(folder / "decision.json")
    write_json(folder / "decision.json", {**decision, "familiarity_limit": None})
    write(read_artefact(folder, view_names=VIEWS), file)
    assert load_face_model(file)(pixels).unfamiliar is None


def test_the_score_is_that_of_the_image_as_it_is_whatever_the_views(
    trained_folder: Path, tmp_path: Path, pixels: np.ndarray
) -> None:
    write(read_artefact(trained_folder, view_names=["hflip"]), tmp_path / "mirrored.onnx")
    expected = load_face_model(trained_folder, views=["identity"])(pixels)
    mirrored = load_face_model(tmp_path / "mirrored.onnx")(pixels)
    assert mirrored.familiarity == pytest.approx(expected.familiarity, abs=1e-4)
    alone = load_face_model(trained_folder, views=["hflip"])(pixels)
    assert mirrored.age == pytest.approx(alone.age, abs=1e-3)


def test_facts_are_inside(onnx_file: Path) -> None:
    facts = load_face_model(onnx_file).facts
    assert (facts.image_size, facts.tasks, facts.format) == (32, tuple(Task), "onnx")
    assert facts.sha256 == sha256_file(onnx_file)


def test_no_faces_give_no_estimates(onnx_file: Path) -> None:
    found = load_face_model(onnx_file)(np.empty((0, 32, 32, 3), np.uint8))
    assert (found.age.shape, found.gender.shape) == ((0,), (0,))


def test_other_views_than_those_inside_are_refused(onnx_file: Path) -> None:
    assert load_face_model(onnx_file, views=["hflip", "identity"])
    with pytest.raises(FaceModelError, match="averages the views identity, hflip; write one with"):
        load_face_model(onnx_file, views=["identity"])


def test_a_damaged_file_is_refused(onnx_file: Path, tmp_path: Path) -> None:
    (tmp_path / "half.onnx").write_bytes(onnx_file.read_bytes()[:5000])
    with pytest.raises(FaceModelError, match=r"half.onnx is no model that ONNX Runtime"):
        load_face_model(tmp_path / "half.onnx")


def test_a_file_of_other_origin_is_refused(onnx_file: Path, tmp_path: Path) -> None:
    model = onnx.load(onnx_file)
    model.ClearField("metadata_props")
    onnx.save_model(model, tmp_path / "other.onnx")
    with pytest.raises(FaceModelError, match=r"other.onnx does not say what it is"):
        load_face_model(tmp_path / "other.onnx")
