import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from visage.records import Metric, Param
from visage.tracking import tags
from visage.tracking.live import LiveRun, observer
from visage.tracking.speaking import TrackingError
from visage.tracking.store import Store
from visage.training.observer import Observer

FINGERPRINT = "f" * 64
PARAMS = [Param("backbone", "resnet18"), Param("train.epochs", "2")]


@pytest.fixture
def watching(project: Path, store: Store) -> LiveRun:
    return LiveRun(project, silent=False)


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The address of a server that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def train(watcher: Observer) -> None:
    watcher.started(FINGERPRINT, PARAMS, run=None)
    for epoch in (1, 2):
        watcher.epoch_ended([Metric("val_rmse", 10.0 / epoch, epoch)])
    watcher.ended([Metric("best_epoch", 2.0)])


def test_training_is_a_run_with_its_curves(watching: LiveRun, store: Store) -> None:
    train(watching)

    (run,) = store.runs({})
    assert (run.name, run.status) == ("resnet18-ffffffff", "FINISHED")
    assert (run.tags[tags.STATUS], run.tags[tags.TRAIN]) == ("trained", "live")
    assert (run.tags[tags.FINGERPRINT], run.tags[tags.EXPERIMENTS]) == (FINGERPRINT, "repro")
    assert run.params == {"backbone": "resnet18", "train.epochs": "2"}
    assert (store.steps(run, "val_rmse"), run.metrics["best_epoch"]) == ({1, 2}, 2.0)


def test_interrupted_training_goes_on_in_its_run(
    watching: LiveRun, store: Store, project: Path
) -> None:
    name = watching.started(FINGERPRINT, PARAMS, run=None)
    watching.epoch_ended([Metric("val_rmse", 10.0, 1)])
    watching.failed(KeyboardInterrupt())
    later = LiveRun(project, silent=False)

    assert later.started(FINGERPRINT, PARAMS, run=name) == name
    later.epoch_ended([Metric("val_rmse", 5.0, 2)])
    later.ended([])

    (run,) = store.runs({})
    assert (run.status, run.tags[tags.STATUS]) == ("FINISHED", "trained")
    assert store.steps(run, "val_rmse") == {1, 2}


def test_run_that_was_deleted_meanwhile_is_a_new_one(watching: LiveRun, store: Store) -> None:
    first = watching.started(FINGERPRINT, PARAMS, run="0" * 32)

    assert [run.id for run in store.runs({})] == [first]
    assert first != "0" * 32


def test_figures_of_a_task_that_is_not_trained_are_left_out(
    watching: LiveRun, store: Store
) -> None:
    watching.started(FINGERPRINT, PARAMS, run=None)
    watching.epoch_ended([Metric("val_loss", 1.0, 1), Metric("val_rmse", float("nan"), 1)])

    (run,) = store.runs({})
    assert (run.metrics["val_loss"], "val_rmse" in run.metrics) == (1.0, False)


def test_load_of_the_machine_is_logged_each_epoch(watching: LiveRun, store: Store) -> None:
    train(watching)

    (run,) = store.runs({})
    assert store.steps(run, "system/cpu_utilization_percentage") == {1, 2}


def test_experiment_of_dvc_names_the_run(
    watching: LiveRun, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVC_EXP_NAME", "lr-high")
    monkeypatch.setenv("DVC_EXP_BASELINE_REV", "b" * 40)
    train(watching)

    (run,) = store.runs({})
    assert run.name == "lr-high (resnet18)"
    assert (run.tags[tags.EXPERIMENTS], run.tags[tags.BASELINE]) == ("lr-high", "b" * 40)


@pytest.mark.parametrize(
    ("error", "status"), [(ValueError("bad"), "FAILED"), (KeyboardInterrupt(), "KILLED")]
)
def test_training_that_stops_early_is_closed(
    watching: LiveRun, store: Store, error: BaseException, status: str
) -> None:
    watching.started(FINGERPRINT, PARAMS, run=None)
    watching.failed(error)

    (run,) = store.runs({})
    assert (run.status, run.tags[tags.STATUS]) == (status, status.lower())


def test_second_training_marks_the_one_that_died(
    watching: LiveRun, store: Store, project: Path
) -> None:
    code = (
        "import os, pathlib, sys; from visage.records import Param; "
        "from visage.tracking.live import LiveRun; "
        "watcher = LiveRun(pathlib.Path(sys.argv[1]), silent=False); "
        "watcher.started('f' * 64, [Param('backbone', 'resnet18')], run=None); "
        "os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, project], check=False)
    assert [run.status for run in store.runs({})] == ["RUNNING"]

    train(watching)

    assert [run.status for run in store.runs({})] == ["FINISHED", "KILLED"]


@pytest.mark.parametrize("kind", ["refused", "silent"])
@pytest.mark.usefixtures("empty_database")  # MLflow is imported then; its import is no waiting
def test_dead_server_costs_a_warning_and_seconds(
    project: Path,
    silent_server: str,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv(
        "MLFLOW_TRACKING_URI", {"refused": "http://127.0.0.1:9"}.get(kind, silent_server)
    )
    began = time.monotonic()
    train(LiveRun(project, silent=False))

    assert time.monotonic() - began < 5
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "not shown live" in caplog.text


def test_store_that_fails_on_the_way_costs_one_warning(
    watching: LiveRun, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise TrackingError("gone")

    watching.started(FINGERPRINT, PARAMS, run=None)
    monkeypatch.setattr(Store, "log", fails)
    watching.epoch_ended([Metric("val_rmse", 1.0, 1)])
    watching.epoch_ended([Metric("val_rmse", 1.0, 2)])
    watching.ended([])

    assert len(caplog.records) == 1


def test_switched_off_it_leaves_no_trace(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAGE_TRACK", "off")
    monkeypatch.chdir(project)
    train(observer())

    assert not (project / "mlflow").exists()
