import json
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


def test_only_the_rows_of_a_subset_are_looked_at(
    visage: Callable[..., Result], faces: Path
) -> None:
    result = visage(faces, "--source", "utkface", "-S", "data.subset=2")
    assert result.exit_code == 0, result.output
    assert "left out by a parameter" in result.output
    assert "of 6 rows can be used" in result.output
    assert "5 of 6" not in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("data.align=yunet", "data.crop_margin=0.2"), "data.align: yunet is not applied here"),
        (("ingest.contradicting=reject",), "ingest.contradicting: reject is not applied here"),
    ],
)
def test_what_is_not_applied_is_said_and_stands_on_the_page(
    visage: Callable[..., Result], faces: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    options = [option for word in words for option in ("-S", word)]
    result = visage(faces, "--source", "utkface", *options)
    assert result.exit_code == 0, result.output
    assert f"WARNING: {said}" in result.output
    page = (tmp_path / "data-check.html").read_text(encoding="utf-8")
    assert "with the same parameters, but for what follows:" in page
    assert said in page


def test_nothing_is_said_where_all_is_applied(
    visage: Callable[..., Result], faces: Path, tmp_path: Path
) -> None:
    assert "WARNING" not in visage(faces, "--source", "utkface").output
    page = (tmp_path / "data-check.html").read_text(encoding="utf-8")
    assert "sets aside with the same parameters." in page


def test_all_values_are_checked_as_in_their_own_sections(
    visage: Callable[..., Result], faces: Path
) -> None:
    wrong = {
        "age_max": "old",
        "data.over_max": "maybe",
        "model.image_size": "0",
        "ingest.near_duplicate_bits": "65",
        "ingest.contradicting": "perhaps",
        "ingest.contradicting_years": "-1",
    }
    words = [word for name, value in wrong.items() for word in ("-S", f"{name}={value}")]
    result = visage(faces, "--source", "utkface", *words)
    assert result.exit_code == 1
    told = result.output.replace("ERROR: ", "").splitlines()
    assert [line.split(": ")[1] for line in told] == list(wrong)


def test_a_section_that_is_no_mapping_or_missing_is_one_message(
    visage: Callable[..., Result], faces: Path, tmp_path: Path, root: Path
) -> None:
    assert (
        "ERROR: params.yaml: ingest: "
        in visage(faces, "--source", "utkface", "-S", "ingest=3").output
    )
    params = read_params(root / "params.yaml")
    del params["model"], params["ingest"]["near_duplicate_bits"]
    (tmp_path / "params.yaml").write_text(json.dumps(params))
    result = visage(faces, "--source", "utkface")
    assert result.exit_code == 1
    assert "params.yaml: model: is missing; add this section" in result.output
    assert "params.yaml: ingest.near_duplicate_bits: is missing; add it" in result.output


def test_a_fault_of_what_is_not_read_is_no_obstacle(
    visage: Callable[..., Result], faces: Path, tmp_path: Path, root: Path
) -> None:
    params = read_params(root / "params.yaml")
    params["ingest"]["jpeg_quality"], params["model"]["mlp"] = 1000, "none"
    (tmp_path / "params.yaml").write_text(json.dumps(params))
    result = visage(faces, "--source", "utkface")
    assert result.exit_code == 0, result.output


def test_what_goes_without_a_project_is_what_params_yaml_says(root: Path) -> None:
    params = read_params(root / "params.yaml")
    unsaid = {"source": "", "root": ""}
    assert WITHOUT_PROJECT["data"] == {**params["data"], **unsaid}
    assert WITHOUT_PROJECT["age_max"] == params["age_max"]
    for section in ("model", "ingest"):
        assert WITHOUT_PROJECT[section].items() <= params[section].items()
