"""Which model a path is, and what is said where it is none."""

import sys
from pathlib import Path

import pytest

from visage.inference.face_model import FaceModelError, load_face_model


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaceModelError, match=r"gone: there is no such file .*dvc repro"):
        load_face_model(tmp_path / "gone")


def test_an_incomplete_folder_says_what_it_lacks(trained_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "model.json").touch()
    with pytest.raises(FaceModelError, match=r"lacks model.safetensors, decision.json; run"):
        load_face_model(tmp_path)


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.pt").touch()
    with pytest.raises(FaceModelError, match=r"model.pt is no model: name a folder"):
        load_face_model(tmp_path / "model.pt")


@pytest.mark.parametrize(("library", "extra"), [("onnxruntime", "onnx"), ("torch", "train")])
def test_a_missing_library_names_the_extra(
    library: str,
    extra: str,
    trained_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "model.onnx").touch()
    monkeypatch.setitem(sys.modules, library, None)
    for module in ("onnx_model", "torch_model"):
        monkeypatch.delitem(sys.modules, f"visage.inference.{module}", raising=False)
    path = trained_folder if library == "torch" else tmp_path / "model.onnx"
    with pytest.raises(FaceModelError, match=rf"pip install '\.\[{extra}\]'"):
        load_face_model(path)
