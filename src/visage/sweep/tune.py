"""Runs a search: draws a trial, runs it as an experiment, stops it where it falls behind.

The training writes its epochs to a file while it goes on (`VISAGE_PROGRESS`); the tuner reads them
there. So it needs to know neither DVC's snapshot nor where training keeps its state, and training
needs to know no tuner.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from optuna.trial import FrozenTrial, Trial, TrialState

from visage.errors import VisageError
from visage.files.tables import read_table
from visage.schema import HISTORY
from visage.sweep.command import Watcher
from visage.sweep.members import run_member, told
from visage.sweep.points import Point
from visage.sweep.score import read_history, score_of
from visage.sweep.search import EPOCH, FOLDER, PROCESS, START, Search
from visage.sweep.space import values_of
from visage.tracking.processes import process_name
from visage.tracking.progress_file import VARIABLE

Say = Callable[[str], None]


@dataclass(frozen=True)
class Ran:
    """An experiment that ran: the epochs of its training, and the commit that it hangs on."""

    history: pd.DataFrame
    start: str


class Run(Protocol):
    """Runs a point as an experiment."""

    def __call__(self, point: Point, *, progress: Path, watcher: Watcher) -> Ran | None:
        """Returns what is known of it, None where it failed or was stopped.

        progress: where the training is to write its epochs while it goes on.
        """


@dataclass(frozen=True)
class Base:
    """What all trials share: overrides, and what chooses the epoch that a training keeps."""

    overrides: Mapping[str, Any]
    monitor: str


def run_experiment(point: Point, *, progress: Path, watcher: Watcher, root: Path) -> Ran | None:
    """Runs a point with DVC; with `root` given it is a Run."""
    # A trial that was pruned would leave its training's state behind, for nobody to go on with.
    environment = {VARIABLE: str(progress), "VISAGE_RESUME": "never"}
    member = run_member(point, root, watcher=watcher, environment=environment)
    return Ran(read_history(member, root), member.start) if member.done else None


class TrialWatch:
    """Tells Optuna each epoch of a trial, once, and asks whether to go on."""

    def __init__(self, trial: Trial, metric: str, progress: Path) -> None:
        self.pruned_after: int | None = None  # epochs
        self._trial = trial
        self._metric = metric
        self._progress = progress
        self._seen = 0

    def started(self, number: int) -> None:
        """Notes the process, so that a later tuner can tell whether it is alive."""
        self._trial.set_user_attr(PROCESS, process_name(number))

    def enough(self) -> bool:
        """Whether the trial is worse than the others were at one of the new epochs."""
        if self.pruned_after is not None or not self._progress.is_file():
            return self.pruned_after is not None
        for epoch in self.report(read_table(self._progress, HISTORY)):
            if self._trial.should_prune():
                self.pruned_after = epoch
                return True
        return False

    def report(self, history: pd.DataFrame) -> Iterator[int]:
        """Yields each new epoch when it has been told to Optuna."""
        for epoch, value in zip(history["epoch"], history[self._metric], strict=True):
            if epoch > self._seen and pd.notna(value):
                self._seen = int(epoch)
                self._trial.report(float(value), self._seen)
                yield self._seen


def trial_point(search: Search, trial: Trial | FrozenTrial, base: Base) -> Point:
    """Returns the experiment that a trial is."""
    chosen = values_of(search.plan.space, trial.params)
    return Point(search.experiment(trial), {**base.overrides, **chosen})


def tune(search: Search, base: Base, *, run: Run, root: Path, say: Say) -> None:
    """Runs the trials that are left; one that fails is reported, and the next one runs.

    An interruption gives the trial back and is raised on.
    """
    while search.left:
        trial = search.ask()
        point = trial_point(search, trial, base)
        say(f"[{search.left} left] {told(point)}")
        progress = root / FOLDER / f"{point.name}.csv"
        progress.unlink(missing_ok=True)
        watch = TrialWatch(trial, search.plan.metric, progress)
        try:
            ran = run(point, progress=progress, watcher=watch)
        except BaseException:
            search.give_back(trial)
            say(f"{point.name} was interrupted; the same command takes its values up again")
            raise
        finally:
            progress.unlink(missing_ok=True)
        say(f"{point.name} {_end(search, trial, watch, ran, monitor=base.monitor)}")


def _end(search: Search, trial: Trial, watch: TrialWatch, ran: Ran | None, *, monitor: str) -> str:
    """Tells Optuna how a trial ended, and returns it for the user."""
    if ran is not None:
        return _complete(search, trial, watch, ran, monitor=monitor)
    if watch.pruned_after is None:
        search.study.tell(trial, state=TrialState.FAIL)
        return "FAILED; see above"
    search.study.tell(trial, state=TrialState.PRUNED)
    return f"pruned after epoch {watch.pruned_after}: below the median of the others"


def _complete(search: Search, trial: Trial, watch: TrialWatch, ran: Ran, *, monitor: str) -> str:
    try:
        score = score_of(ran.history, metric=search.plan.metric, monitor=monitor)
    except VisageError as error:
        search.study.tell(trial, state=TrialState.FAIL)
        return f"FAILED: {error}"
    for _ in watch.report(ran.history):  # what DVC restored was not seen while it trained
        pass
    trial.set_user_attr(EPOCH, score.epoch)
    trial.set_user_attr(START, ran.start)
    search.study.tell(trial, score.value)
    return f"{search.plan.metric} {score.value:.4f} at epoch {score.epoch}"
