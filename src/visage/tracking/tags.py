"""The tags of a run: their names, and the words that they hold.

`status` says where a run stands in the pipeline's eyes: MLflow's own status knows no difference
between "the training is over" and "the results are complete".
"""

from enum import StrEnum
from typing import Final

KEY: Final = "visage.key"  # the state of the pipeline that the run shows
FINGERPRINT: Final = "fingerprint"  # of training's inputs
EXPERIMENTS: Final = "dvc.exp_name"
BASELINE: Final = "dvc.baseline_rev"
COMMIT: Final = "git.commit"  # holds the state; known only once it is committed
DIRTY: Final = "dirty"
STATUS: Final = "status"
TRAIN: Final = "train"
RESTORED_FROM: Final = "restored_from"
SWEEP: Final = "sweep"  # the studies that the state is a member of
PROCESS: Final = "process"
NOTE: Final = "mlflow.note.content"  # the description in the user interface
VERSION: Final = "mlflow.source.git.commit"  # the column "Version" in the user interface


def origin(baseline: str | None, *, dirty: bool | None) -> dict[str, str]:
    """Returns the tags that say from which code a run came, as far as that is known."""
    known = {BASELINE: baseline, DIRTY: None if dirty is None else str(dirty).lower()}
    return {name: value for name, value in known.items() if value is not None}


class Status(StrEnum):
    """Words of the tag `status`."""

    TRAINING = "training"
    TRAINED = "trained"
    COMPLETE = "complete"
    PARTIAL = "partial"  # written again from the past, of which not all files were at hand
    FAILED = "failed"
    KILLED = "killed"


class Trained(StrEnum):
    """Words of the tag `train`: seen while it ran, or written from its files."""

    LIVE = "live"
    RESTORED = "restored"
