"""What `visage promote` refuses before it looks for a run, and `visage track` of no project."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Visage = Callable[..., Result]


def test_a_folder_that_is_no_project_gets_no_store(visage: Visage, project: Path) -> None:
    (project / "params.yaml").unlink()
    for words in (("promote", "HEAD"), ("track", "--rebuild")):
        result = visage(*words)
        assert result.exit_code == 1
        assert "params.yaml" in result.output
    assert not (project / "mlflow").exists()


def test_tracking_that_is_off_is_said(
    visage: Visage, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISAGE_TRACK", "off")
    result = visage("promote", "HEAD")
    assert result.exit_code == 1
    assert "VISAGE_TRACK=off keeps this from MLflow" in result.output


def test_a_store_that_cannot_be_reached_is_said(
    visage: Visage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISAGE_TRACK", "on")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "postgresql://u:secret@127.0.0.1:9/x")
    result = visage("promote", "HEAD")
    assert result.exit_code == 1
    assert "MLflow at postgresql://127.0.0.1:9/x" in result.output
    assert "secret" not in result.output
