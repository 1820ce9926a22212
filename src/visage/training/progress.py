"""What a person sees while a model trains: a bar, and a line an epoch."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

SHOWN = ("val_mae", "val_rmse", "val_gender_f1", "val_harmonic", "val_loss")


class ProgressBar:
    """A bar over all images of all epochs, on standard error; only lines where no terminal is."""

    def __init__(self, epochs: int, images_per_epoch: int, *, shown: bool = True) -> None:
        self.epochs = epochs
        self.progress = Progress(
            TextColumn("train"),
            BarColumn(),
            TextColumn("{task.completed:.0f}/{task.total:.0f} images"),
            TimeRemainingColumn(),
            console=Console(stderr=True, quiet=not shown),
            transient=True,
        )
        self.task = self.progress.add_task("train", total=epochs * images_per_epoch)

    def __enter__(self) -> "ProgressBar":
        self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.progress.stop()

    def advance(self, images: int) -> None:
        """Counts trained images."""
        self.progress.advance(self.task, images)

    def epoch_ended(self, row: dict[str, float], *, best: bool) -> None:
        """Prints an epoch's figures; the best so far has a star."""
        figures = "  ".join(f"{name[4:]} {row[name]:.3f}" for name in SHOWN if name in row)
        self.progress.console.out(
            f"epoch {int(row['epoch']):3d}/{self.epochs}  loss {row['train_loss']:.4f}  "
            f"{figures}{'  *' if best else ''}"
        )
