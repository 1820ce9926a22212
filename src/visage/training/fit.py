"""Training as a whole: epochs until the last one or until patience ends, the best one kept."""

import resource
import sys
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from visage.inference.processes import any_of
from visage.records import Metric
from visage.schema import HISTORY
from visage.training.course import Course, to_be_lowered
from visage.training.divergence import refuse_nan_figure
from visage.training.interrupt import Interruption
from visage.training.keeper import Keeper
from visage.training.observer import Observer
from visage.training.progress import ProgressBar
from visage.training.stopping import reason_at_the_end, reason_to_stop
from visage.training.trainer import Trainer

FINAL = ("best_epoch", "images_per_second", "train_seconds", "peak_memory_mb")


@dataclass(frozen=True)
class Fitted:
    """The best epoch's tensors, one row an epoch (schema.HISTORY), and how it went.

    images_per_second: of the steps; train_seconds: features that are kept and validation included.
    """

    state: dict[str, Tensor]
    history: pd.DataFrame
    best_epoch: int
    stopped_because: str
    images_per_second: float
    train_seconds: float
    peak_memory_mb: float


def fit(trainer: Trainer, observer: Observer, *, course: Course, keeper: Keeper) -> Fitted:
    """Trains until the last epoch or until patience ends, and returns the best epoch.

    Without a validation part it returns the last one. A training that was interrupted goes on where
    `course` and the trainer stand.

    Raises:
        DivergedError: the loss, its gradient or what is monitored is not finite.
        OutOfMemoryError: a batch does not fit.
        OrphanedError: the process that started the training is gone.
        KeyboardInterrupt: somebody wants it to end; its state is kept.
    """
    recipe = trainer.recipe
    on = trainer.machine
    with (
        ProgressBar(recipe.epochs, len(trainer.data.train), shown=on.is_first) as bar,
        Interruption(on) as interruption,
    ):

        def stepped() -> None:
            ends = interruption.is_wanted()
            if ends or any_of(keeper.is_due, on=on):
                keeper.save(trainer, course)
            if ends:
                interruption.obey()

        bar.advance(trainer.position.images + trainer.position.means.images)
        while not (ended := _reason_to_end(trainer, course)):
            row = {**trainer.train_epoch(bar, stepped=stepped), **trainer.validate()}
            trainer.position.monitored.append(_monitored(row, monitor=recipe.monitor))
            best = course.epoch_ended(trainer, row)
            bar.epoch_ended(row, best=trainer.validated and best)
            observer.epoch_ended(_metrics(row))
            keeper.save(trainer, course)
            if interruption.is_wanted():
                interruption.obey()
    fitted = Fitted(
        state=course.best,
        history=pd.DataFrame(course.rows).reindex(columns=HISTORY.names),
        best_epoch=course.progress.best_epoch,
        stopped_because=ended,
        images_per_second=trainer.position.images / trainer.position.seconds,
        train_seconds=trainer.seconds,
        peak_memory_mb=_peak_memory_mb(trainer.machine.device),
    )
    observer.ended([Metric(name, getattr(fitted, name)) for name in FINAL])
    return fitted


def _reason_to_end(trainer: Trainer, course: Course) -> str | None:
    recipe = trainer.recipe
    stopped = reason_to_stop(course.progress, monitor=recipe.monitor, patience=recipe.patience)
    if stopped is None and trainer.position.epoch > recipe.epochs:
        return reason_at_the_end(recipe.epochs, validated=trainer.validated)
    return stopped


def _monitored(row: dict[str, float], *, monitor: str) -> float:
    value = to_be_lowered(row, monitor=monitor)
    refuse_nan_figure(value, name=f"train.monitor: {monitor}", at_epoch=int(row["epoch"]))
    return value


def _metrics(row: dict[str, float]) -> list[Metric]:
    step = int(row["epoch"])
    return [Metric(name, value, step=step) for name, value in row.items() if name != "epoch"]


def _peak_memory_mb(device: torch.device) -> float:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**20
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
