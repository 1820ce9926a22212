"""The checkout, and a copy of it to be broken: a rule that can't fail holds nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from visage.files.pipeline import read_pipeline

Break = Callable[[str, str, str], None]


@pytest.fixture(scope="session")
def pipeline(root: Path) -> dict[str, Any]:
    """Returns dvc.yaml."""
    return read_pipeline(root / "dvc.yaml")


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """Returns a copy of the checkout's code and files of the pipeline."""
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("src", "stages", "recipes"):
        shutil.copytree(root / name, tmp_path / name, ignore=ignored)
    for name in ("dvc.yaml", "params.yaml", "params.schema.json", "pyproject.toml"):
        shutil.copy(root / name, tmp_path)
    return tmp_path


@pytest.fixture
def broken(copy: Path) -> Break:
    """Returns a function that replaces text in a file of the copy; "" stands for its end."""

    def replace(name: str, old: str, new: str) -> None:
        path = copy / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")

    return replace
