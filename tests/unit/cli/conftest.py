"""The command line in a folder of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from visage.cli.main import app


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns a folder with the real params.yaml, which is the working directory."""
    shutil.copy(root / "params.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def visage(project: Path) -> Callable[..., Result]:
    """Returns a function that runs the command line with these words."""
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])
