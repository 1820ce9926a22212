from pathlib import Path

import pytest

from visage.training.fingerprint import fingerprint


def of(folder: Path, **params: int) -> str:
    found = fingerprint(
        params=params, data=[folder / "data"], init=[folder / "init"], code=[folder / "code.py"]
    )
    return str(found["fingerprint"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    for name in ("data/a", "init", "code.py"):
        (tmp_path / name).write_text(name)
    return tmp_path


def test_equal_inputs_have_equal_fingerprints(folder: Path) -> None:
    assert of(folder, lr=1) == of(folder, lr=1)


@pytest.mark.parametrize("name", ["data/a", "init", "code.py"])
def test_a_changed_file_changes_the_fingerprint(folder: Path, name: str) -> None:
    before = of(folder, lr=1)
    (folder / name).write_text("changed")
    assert of(folder, lr=1) != before


def test_a_changed_parameter_changes_the_fingerprint(folder: Path) -> None:
    assert of(folder, lr=1) != of(folder, lr=2)
