"""Training as a whole: epochs until the last one or until patience ends, the best one kept."""

import logging
import resource
import sys
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from visage.params.train import NOT_VALIDATED, Train
from visage.records import Metric
from visage.schema import HISTORY
from visage.training.observer import Observer
from visage.training.progress import ProgressBar
from visage.training.stopping import Progress, advance, reason_at_the_end, reason_to_stop
from visage.training.trainer import Trainer

FINAL = ("best_epoch", "images_per_second", "peak_memory_mb")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fitted:
    """The best epoch's tensors, one row an epoch (schema.HISTORY), and how it went."""

    state: dict[str, Tensor]
    history: pd.DataFrame
    best_epoch: int
    stopped_because: str
    images_per_second: float
    peak_memory_mb: float


def fit(trainer: Trainer, observer: Observer) -> Fitted:
    """Trains until the last epoch or until patience ends, and returns the best epoch.

    Without a validation part it returns the last one.

    Raises:
        DivergedError: the loss is not finite.
        OrphanedError: the process that started the training is gone.
    """
    recipe, progress, rows = trainer.recipe, Progress(), []
    validated = trainer.validated
    if not validated:
        _log.warning("WARNING: %s", NOT_VALIDATED)
    state: dict[str, Tensor] = {}
    stopped = None
    with ProgressBar(recipe.epochs, len(trainer.data.train)) as bar:
        for epoch in range(1, recipe.epochs + 1):
            rows.append({**trainer.train_epoch(epoch, bar), **trainer.validate()})
            progress = _progress(progress, rows[-1], recipe=recipe, validated=validated)
            if progress.best_epoch == epoch:
                state = {
                    k: v.detach().cpu().clone() for k, v in trainer.network.state_dict().items()
                }
            bar.epoch_ended(rows[-1], best=validated and progress.best_epoch == epoch)
            observer.epoch_ended(_metrics(rows[-1]))
            stopped = reason_to_stop(progress, monitor=recipe.monitor, patience=recipe.patience)
            if stopped:
                break
    fitted = Fitted(
        state=state,
        history=pd.DataFrame(rows).reindex(columns=HISTORY.names),
        best_epoch=progress.best_epoch,
        stopped_because=stopped or reason_at_the_end(recipe.epochs, validated=validated),
        images_per_second=trainer.images / trainer.seconds,
        peak_memory_mb=_peak_memory_mb(trainer.machine.device),
    )
    observer.ended([Metric(name, getattr(fitted, name)) for name in FINAL])
    return fitted


def _progress(
    progress: Progress, row: dict[str, float], *, recipe: Train, validated: bool
) -> Progress:
    epoch = int(row["epoch"])
    if not validated:
        return Progress(best_epoch=epoch)
    return advance(
        progress,
        row[f"val_{recipe.monitor}"],
        epoch=epoch,
        monitor=recipe.monitor,
        warmup_epochs=recipe.warmup_epochs,
    )


def _metrics(row: dict[str, float]) -> list[Metric]:
    step = int(row["epoch"])
    return [Metric(name, value, step=step) for name, value in row.items() if name != "epoch"]


def _peak_memory_mb(device: torch.device) -> float:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**20
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
