from pathlib import Path

import pytest

from visage.tracking.address import resolve


def test_store_lies_in_the_project(tmp_path: Path) -> None:
    address = resolve(tmp_path)

    assert address.uri == f"sqlite:///{tmp_path}/mlflow/mlflow.db"
    assert address.artifacts == tmp_path / "mlflow/artifacts"


def test_queued_experiment_uses_the_store_of_the_original_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path / "original"))

    assert resolve(tmp_path / "snapshot") == resolve(tmp_path / "original")


def test_address_of_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://runs.example.org")

    assert resolve(tmp_path).uri == "http://runs.example.org"


def test_server_decides_where_artifacts_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://runs.example.org")

    assert resolve(tmp_path).artifacts is None


def test_relative_database_is_taken_from_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///elsewhere/runs.db")

    assert resolve(tmp_path).uri == f"sqlite:///{tmp_path}/elsewhere/runs.db"
    assert resolve(tmp_path).artifacts == tmp_path / "elsewhere/artifacts"


def test_experiment_of_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "study")

    assert resolve(tmp_path).experiment == "study"
    monkeypatch.delenv("MLFLOW_EXPERIMENT_NAME")
    assert resolve(tmp_path).experiment == "visage"


def test_messages_show_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://ann:secret@runs.example.org/x")

    assert resolve(tmp_path).shown == "https://runs.example.org/x"
