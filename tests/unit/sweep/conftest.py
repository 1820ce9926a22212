"""A search whose trainings take no time, for the tests of the search and of its page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from visage.files.tables import write_table
from visage.schema import HISTORY
from visage.sweep.command import Watcher
from visage.sweep.points import Point
from visage.sweep.search import Search, open_search
from visage.sweep.tune import Base, Ran, tune
from visage.sweep.tuning import Dimension, Tuning

PARAMS = {"train": {"epochs": 4, "lr": 1.0}}
EPOCHS = 4


def curve(rate: float, epochs: int) -> pd.DataFrame:
    """Returns a training whose score rises to its rate."""
    rows = [
        {"epoch": epoch, "lr": rate, "val_harmonic": rate * epoch / EPOCHS, "val_rmse": 1 - rate}
        for epoch in range(1, epochs + 1)
    ]
    return pd.DataFrame(rows).reindex(columns=HISTORY.names)


class FakeRun:
    """Trains as `curve` says, and stops where the watcher has enough.

    fails: numbers of the points, from 0, of which nothing comes; dies: that is interrupted.
    """

    def __init__(self, *, fails: tuple[int, ...] = (), dies: int | None = None) -> None:
        self.fails = fails
        self.dies = dies
        self.points: list[Point] = []

    def __call__(self, point: Point, *, progress: Path, watcher: Watcher) -> Ran | None:
        number = len(self.points)
        self.points.append(point)
        if number == self.dies:
            raise KeyboardInterrupt
        if number in self.fails:
            return None
        for epochs in range(1, EPOCHS + 1):
            write_table(progress, curve(point.overrides["train.lr"], epochs), HISTORY)
            if watcher.enough():
                return None
        return Ran(curve(point.overrides["train.lr"], EPOCHS), "0" * 40)


@pytest.fixture(autouse=True)
def no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal waits for the disk at each line, which no test needs."""
    monkeypatch.setattr("os.fsync", lambda _: None)


@pytest.fixture
def plan() -> Callable[..., Tuning]:
    """Returns a function that gives a plan with some values changed."""

    def make(**changed: Any) -> Tuning:
        space = {"train.lr": Dimension(low=0.1, high=0.9), "a": Dimension(choices=[[], [256]])}
        known = {"purpose": "Why", "space": space, "trials": 6, "startup_trials": 2}
        return Tuning(**{**known, **changed})

    return make


@pytest.fixture
def fake_run() -> type[FakeRun]:
    """Returns the stand-in for DVC."""
    return FakeRun


@pytest.fixture
def searched(tmp_path: Path) -> Callable[..., Search]:
    """Returns a function that runs a search's trials and returns the search."""

    def search(
        tuning: Tuning,
        run: FakeRun | None = None,
        *,
        root: Path = tmp_path,
        anew: bool = False,
        say: Callable[[str], None] = lambda _: None,
    ) -> Search:
        with open_search("s", tuning, params=PARAMS, root=root, anew=anew) as found:
            found.give_back_dead()
            base = Base({"train.epochs": EPOCHS}, monitor="harmonic")
            tune(found, base, run=run or FakeRun(), root=root, say=say)
            return found

    return search
