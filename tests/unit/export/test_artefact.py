"""What a file says of its data, and whether that is the model's own."""

import shutil
from pathlib import Path

import pytest

from visage.export.artefact import ExportError, read_artefact
from visage.files.jsons import read_json, write_json


@pytest.fixture
def folder(trained_folder: Path, tmp_path: Path) -> Path:
    """Returns a copy of a trained folder, to be changed."""
    return Path(shutil.copytree(trained_folder, tmp_path / "models"))


def test_a_file_says_what_data_the_model_learnt_from(folder: Path) -> None:
    hashes = read_artefact(folder, view_names=None).metadata["hashes"]
    assert (hashes["data"], hashes["fingerprint"]) == ("d" * 64, "f" * 64)


def test_without_the_fingerprint_it_says_less_and_the_user_is_told(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "fingerprint.json").unlink()
    assert read_artefact(folder, view_names=None).metadata["hashes"] == {"fingerprint": "f" * 64}
    assert "fingerprint.json is missing" in caplog.text


def test_the_fingerprint_of_another_training_is_refused(folder: Path) -> None:
    path = folder / "fingerprint.json"
    write_json(path, {**read_json(path), "fingerprint": "0" * 64})
    with pytest.raises(ExportError, match=r"another training than model.json; run `dvc repro`"):
        read_artefact(folder, view_names=None)
