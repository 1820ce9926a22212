"""Fixtures that all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
settings.register_profile("visage", deadline=None, derandomize=True)  # alike on busy machines
settings.load_profile("visage")
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    path = (ROOT / "../shared").resolve()
    if not (path / "utkface").is_dir():
        pytest.skip("../shared/ with the real faces is not here")
    return path


@pytest.fixture(autouse=True)
def cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run alike on every machine: on the CPU, without worker processes, untracked."""
    monkeypatch.setenv("VISAGE_DEVICE", "cpu")
    monkeypatch.setenv("VISAGE_WORKERS", "0")
    monkeypatch.setenv("VISAGE_TRACK", "off")
