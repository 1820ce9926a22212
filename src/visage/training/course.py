"""How a training has gone so far: its epochs, the best one's tensors, and the run that shows it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from torch import Tensor

from visage.params.train import Train
from visage.records import flat_params
from visage.training.identity import TrainingParams
from visage.training.observer import Observer
from visage.training.stopping import HIGHER_IS_BETTER, Progress, advance
from visage.training.trainer import Trainer


@dataclass
class Course:
    """rows: columns of schema.HISTORY, one an epoch. run: the observer's name for the training."""

    rows: list[dict[str, float]] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)
    best: dict[str, Tensor] = field(default_factory=dict)
    run: str | None = None

    def epoch_ended(self, trainer: Trainer, row: dict[str, float]) -> bool:
        """Notes an epoch, keeps its tensors if it is the best, and says whether it is.

        Without a validation part the last epoch is the best.
        """
        self.rows.append(row)
        epoch = int(row["epoch"])
        if trainer.validated:
            self.progress = _advanced(self.progress, row, epoch=epoch, recipe=trainer.recipe)
        else:
            self.progress = Progress(best_epoch=epoch)
        is_best = self.progress.best_epoch == epoch
        if is_best:
            tensors = trainer.kept.state_dict()
            self.best = {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}
        return is_best

    def state_dict(self) -> dict[str, Any]:
        """Returns it as plain values and tensors."""
        return {
            "rows": self.rows,
            "progress": asdict(self.progress),
            "best": self.best,
            "run": self.run,
        }

    @classmethod
    def of(cls, state: dict[str, Any]) -> "Course":
        """Returns what `state_dict` was taken from."""
        return cls(**{**state, "progress": Progress(**state["progress"])})


@contextmanager
def watched(
    observer: Observer, course: Course, *, identity: Mapping[str, Any], params: TrainingParams
) -> Iterator[None]:
    """Tells the observer that training begins or goes on, and of an error before it is raised on.

    The name that it gives to the run is part of the course.
    """
    facts = flat_params(params.to_json())
    course.run = observer.started(identity["fingerprint"], facts, run=course.run)
    try:
        yield
    except BaseException as error:
        observer.failed(error)
        raise


def _advanced(progress: Progress, row: dict[str, float], *, epoch: int, recipe: Train) -> Progress:
    return advance(
        progress,
        row[f"val_{recipe.monitor}"],
        epoch=epoch,
        monitor=recipe.monitor,
        warmup_epochs=recipe.warmup_epochs,
    )


def to_be_lowered(row: dict[str, float], *, monitor: str) -> float:
    """Returns what is monitored, lower being better; the training loss without validation."""
    if f"val_{monitor}" not in row:
        return row["train_loss"]
    value = row[f"val_{monitor}"]
    return -value if HIGHER_IS_BETTER[monitor] else value
