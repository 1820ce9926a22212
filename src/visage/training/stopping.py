"""Which epoch is the best, and when to stop waiting for a better one.

Patience counts only after the warm-up: in the published run the RMSE settled after epoch 12, and
a count from the start would have ended it before. Without a validation part, in a refit on all
labelled data, no epoch is better than another: the last one is kept.
"""

from dataclasses import dataclass, replace

HIGHER_IS_BETTER = {
    "harmonic": True,
    "gender_f1": True,
    "gender_accuracy": True,
    "rmse": False,
    "mae": False,
    "loss": False,
}


@dataclass(frozen=True)
class Progress:
    """The best epoch so far (0: none yet), its value, and the epochs waited since."""

    best_epoch: int = 0
    best_value: float = 0.0
    waited: int = 0


def advance(
    progress: Progress, value: float, *, epoch: int, monitor: str, warmup_epochs: int
) -> Progress:
    """Returns the progress after `epoch` (from 1) reached `value`; ties keep the earlier epoch."""
    higher = HIGHER_IS_BETTER[monitor]
    better = value > progress.best_value if higher else value < progress.best_value
    if progress.best_epoch == 0 or better:
        return Progress(best_epoch=epoch, best_value=value)
    return replace(progress, waited=progress.waited + (epoch > warmup_epochs))


def reason_at_the_end(epochs: int, *, validated: bool) -> str:
    """Returns why training ends after all its epochs."""
    kept = "" if validated else "; without a validation part the last one is kept"
    return f"all {epochs} epochs are done{kept}"


def reason_to_stop(progress: Progress, *, monitor: str, patience: int | None) -> str | None:
    """Returns why training ends early, or None."""
    if patience is None or progress.waited < patience:
        return None
    return (
        f"no better {monitor} in {patience} epochs after epoch {progress.best_epoch} "
        f"({progress.best_value:.4f})"
    )
