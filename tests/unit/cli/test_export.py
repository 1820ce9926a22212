"""`visage export` writes the file and says how far it is from PyTorch."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from visage.cli.main import app


@pytest.fixture(autouse=True)
def here(ingested: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(ingested)
    return ingested


def test_a_file_stands_in_its_folder_and_its_differences_are_said(
    trained_folder: Path, here: Path
) -> None:
    options = ["--format", "safetensors", "--models", str(trained_folder), "--check", "5"]
    done = CliRunner().invoke(app, ["export", *options])
    assert done.exit_code == 0, done.output
    assert "largest differences from PyTorch on 5 faces" in done.output
    assert "gender: 0.0% of the faces" in done.output
    assert (here / "exports/model.safetensors").is_file()
    assert (here / "exports/model.safetensors.json").is_file()


def test_without_a_check_it_says_so(trained_folder: Path, here: Path) -> None:
    options = ["--format", "safetensors", "--models", str(trained_folder), "--check", "0"]
    done = CliRunner().invoke(app, ["export", *options, "--output", "here.safetensors"])
    assert "not compared with PyTorch" in done.output
    assert (here / "here.safetensors").is_file()


def test_a_folder_is_no_output_and_said_at_once(here: Path) -> None:
    (here / "exports").mkdir()
    done = CliRunner().invoke(app, ["export", "--models", "nowhere", "--output", "exports"])
    assert done.exit_code == 1
    assert "--output exports is a folder; name a file" in done.output


def test_a_missing_model_is_named(here: Path) -> None:
    done = CliRunner().invoke(app, ["export"])
    assert done.exit_code == 1
    assert "models/model.json is missing" in done.output
