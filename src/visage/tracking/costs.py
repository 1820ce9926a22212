"""What trainings have cost, by the fingerprint of their inputs.

Seconds would make equal results differ, so no output of the pipeline has them; MLflow keeps those
of each training that it saw. A state that DVC restored has the fingerprint, and so the cost, of
the training that made it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from visage.tracking import tags
from visage.tracking.address import is_off, resolve
from visage.tracking.store import connect
from visage.tracking.track import PATIENCE

SECONDS: Final = "train_seconds"


def train_seconds(fingerprints: Iterable[str], root: Path) -> dict[str, float]:
    """Returns the seconds of the newest training of each fingerprint, as far as they are known.

    Raises:
        TrackingError: the store can't be reached or refuses.
    """
    if is_off():
        return {}
    store = connect(resolve(root), seconds=PATIENCE)
    found = {name: store.runs({tags.FINGERPRINT: name}) for name in set(fingerprints) if name}
    known = {
        name: [run.metrics[SECONDS] for run in runs if SECONDS in run.metrics]
        for name, runs in found.items()
    }
    return {name: seconds[0] for name, seconds in known.items() if seconds}
