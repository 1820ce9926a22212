from collections.abc import Sequence
from pathlib import Path

import pytest

from visage.records import Metric, Param
from visage.tracking.observers import Observers, observer
from visage.tracking.progress_file import VARIABLE
from visage.training.observer import Silent


class Recorder:
    """An Observer that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def started(self, fingerprint: str, params: Sequence[Param], *, run: str | None) -> str | None:
        self.told.append(f"started {fingerprint} {run}")
        return "named"

    def epoch_ended(self, metrics: Sequence[Metric]) -> None:
        self.told.append(f"epoch {metrics[0].step}")

    def ended(self, metrics: Sequence[Metric]) -> None:
        self.told.append("ended")

    def failed(self, error: BaseException) -> None:
        self.told.append(f"failed {error}")


def test_all_are_told_everything() -> None:
    recorders = Recorder(), Recorder()
    both = Observers(*recorders)
    both.started("f", [], run="named")
    both.epoch_ended([Metric("a", 1.0, 1)])
    both.ended([])
    both.failed(ValueError("no"))
    for recorder in recorders:
        assert recorder.told == ["started f named", "epoch 1", "ended", "failed no"]


def test_the_first_process_alone_is_shown_in_the_file_without_mlflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.csv"))
    observer(first=False).epoch_ended([Metric("lr", 0.1, 1)])
    assert not (tmp_path / "progress.csv").exists()
    observer(first=True).epoch_ended([Metric("lr", 0.1, 1)])
    assert (tmp_path / "progress.csv").is_file()


def test_the_name_of_the_run_outlives_observers_without_one() -> None:
    assert Observers(Recorder(), Silent()).started("f", [], run=None) == "named"
