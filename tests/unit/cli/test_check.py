from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Visage = Callable[..., Result]


def test_a_good_file_is_said_to_be_good(visage: Visage) -> None:
    result = visage("check")
    assert (result.exit_code, result.output) == (0, "params.yaml: no faults found.\n")


def test_all_faults_are_listed(visage: Visage, project: Path) -> None:
    path = project / "params.yaml"
    text = path.read_text(encoding="utf-8").replace("backbone: resnet18 ", "backbone: resnt18 ")
    path.write_text(text.replace("  epochs:", "  epoch:"), encoding="utf-8")
    result = visage("check")
    assert result.exit_code == 1
    assert "params.yaml: train.epochs: is missing; add it" in result.stderr
    assert "params.yaml: train.epoch: unknown key; did you mean epochs?" in result.stderr
    assert "params.yaml: backbone: there is no 'resnt18'; did you mean" in result.stderr


def test_outside_of_a_project_the_remedy_is_said(visage: Visage, project: Path) -> None:
    (project / "params.yaml").unlink()
    assert "not found; run this in the root of a visage project" in visage("check").stderr
