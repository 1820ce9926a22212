import logging
from pathlib import Path

import pytest

from visage.files.tables import read_table
from visage.records import Metric
from visage.schema import HISTORY
from visage.tracking.progress_file import VARIABLE, ProgressFile, observer
from visage.training.observer import Silent


def epoch(number: int, harmonic: float) -> list[Metric]:
    return [Metric("lr", 0.1, number), Metric("val_harmonic", harmonic, number)]


def test_every_epoch_is_in_the_file_when_it_is_over(tmp_path: Path) -> None:
    path = tmp_path / "not there yet/progress.csv"
    watcher = ProgressFile(path)
    seen = []
    for number in (1, 2):
        watcher.epoch_ended(epoch(number, number / 10))
        seen.append(read_table(path, HISTORY)["val_harmonic"].tolist())
    assert seen == [[0.1], [0.1, 0.2]]
    assert read_table(path, HISTORY)["epoch"].tolist() == [1, 2]


def test_a_file_that_cannot_be_written_costs_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    watcher = ProgressFile(tmp_path / "file/progress.csv")
    with caplog.at_level(logging.WARNING):
        watcher.epoch_ended(epoch(1, 0.1))
        watcher.epoch_ended(epoch(2, 0.2))
    assert len(caplog.records) == 1


def test_without_the_variable_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert type(observer()) is Silent


def test_the_variable_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.csv"))
    observer().epoch_ended(epoch(3, 0.5))
    assert read_table(tmp_path / "progress.csv", HISTORY)["epoch"].tolist() == [3]
