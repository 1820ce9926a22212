from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Visage = Callable[..., Result]
TEXT = "stages:\n  one:\n    cmd: python -m stages.one\n    deps:\n    - data/x\n"


@pytest.fixture
def pipeline(project: Path) -> Path:
    (project / "stages").mkdir()
    (project / "stages/one.py").touch()
    path = project / "dvc.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_modules_are_written(visage: Visage, pipeline: Path) -> None:
    assert visage("deps").exit_code == 0
    assert pipeline.read_text(encoding="utf-8") == f"{TEXT}    - stages/one.py\n"


def test_a_check_writes_nothing_and_fails_with_the_difference(
    visage: Visage, pipeline: Path
) -> None:
    result = visage("deps", "--check")
    assert result.exit_code == 1
    assert "+    - stages/one.py" in result.output
    assert pipeline.read_text(encoding="utf-8") == TEXT


def test_a_check_of_a_right_file_passes(visage: Visage, pipeline: Path) -> None:
    visage("deps")
    assert visage("deps", "--check").exit_code == 0
