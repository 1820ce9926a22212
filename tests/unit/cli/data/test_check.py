import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from visage.cli.data._settings import WITHOUT_PROJECT
from visage.cli.main import app
from visage.params.load import read_params


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    """A UTKFace folder of five good files and a broken one."""
    folder = tmp_path / "faces"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for number in range(5):
        image = rng.integers(0, 256, (70, 70, 3)).astype(np.uint8)
        cv2.imwrite(str(folder / f"{20 + number}_0_1_{number}.jpg"), image)
    (folder / "30_1_0_9.jpg").write_bytes(b"no picture")
    return folder


@pytest.fixture
def visage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, ["data", "check", *map(str, words)])


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}


def test_a_folder_is_checked_without_a_project(
    visage: Callable[..., Result], faces: Path, tmp_path: Path
) -> None:
    result = visage(faces, "--source", "utkface")
    assert result.exit_code == 0, result.output
    assert "5 of 6 rows can be used" in result.output
    assert "image unreadable" in result.output
    page = (tmp_path / "data-check.html").read_text(encoding="utf-8")
    assert "What is in faces" in page
    assert "http" not in page.replace("http-equiv", "")


def test_nothing_of_the_data_is_changed(visage: Callable[..., Result], faces: Path) -> None:
    before = files(faces)
    assert visage(faces, "--source", "utkface").exit_code == 0
    assert files(faces) == before


def test_small_images_are_shown_by_the_side_that_is_asked_for(
    visage: Callable[..., Result], faces: Path, tmp_path: Path
) -> None:
    words = (faces, "--source", "utkface", "--min-side", "80", "--output", "page.html")
    assert visage(*words, "--shown", "2").exit_code == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Tiny: 5" in page
    assert page.count("<img") == 2


def test_a_project_says_root_and_source(
    visage: Callable[..., Result], faces: Path, tmp_path: Path, root: Path
) -> None:
    shutil.copy(root / "params.yaml", tmp_path)
    result = visage("-S", "data.source=utkface", "-S", f"data.root={faces}")
    assert result.exit_code == 0, result.output
    assert "5 of 6 rows can be used" in result.output


def test_without_a_project_the_source_must_be_said(
    visage: Callable[..., Result], faces: Path
) -> None:
    result = visage(faces)
    assert result.exit_code == 1
    assert "say --source, one of" in result.output
    assert "utkface" in result.output


def test_without_a_project_the_folder_must_be_said(visage: Callable[..., Result]) -> None:
    result = visage("--source", "utkface")
    assert result.exit_code == 1
    assert "give the folder of the data set" in result.output


def test_a_folder_that_is_not_there_ends_with_1(visage: Callable[..., Result]) -> None:
    result = visage("nowhere", "--source", "utkface")
    assert result.exit_code == 1
    assert "'nowhere' does not exist" in result.output


def test_a_misspelt_name_ends_with_1(visage: Callable[..., Result], faces: Path) -> None:
    result = visage(faces, "--source", "utkface", "-S", "data.kagle.table=x.csv")
    assert result.exit_code == 1
    assert "data.kagle.table" in result.output


def test_what_goes_without_a_project_is_what_params_yaml_says(root: Path) -> None:
    params = read_params(root / "params.yaml")
    unsaid = {"source": "", "root": ""}
    assert WITHOUT_PROJECT["data"] == {**params["data"], **unsaid}
    assert WITHOUT_PROJECT["age_max"] == params["age_max"]
    for section in ("model", "ingest"):
        assert WITHOUT_PROJECT[section].items() <= params[section].items()
