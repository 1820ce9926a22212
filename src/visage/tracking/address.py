"""Where runs are kept, read from the environment when asked and never at import.

MLflow's own default is a file in the current folder, which for a queued experiment is a folder
that DVC deletes; so a store without an address lies below `DVC_ROOT`, the original project in all
of DVC's modes. Artifacts get an explicit place for the same reason.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from visage.errors import VisageError

EXPERIMENT: Final = "visage"
SQLITE: Final = "sqlite:///"
SWITCH: Final = "VISAGE_TRACK"


class OffError(VisageError):
    """Tracking is switched off."""


@dataclass(frozen=True)
class Address:
    """A store; `artifacts` is None where a server decides, `lock` is held at first contact."""

    uri: str
    experiment: str
    artifacts: Path | None
    lock: Path

    @property
    def is_server(self) -> bool:
        """Whether the store is reached over HTTP, and so has a user interface already."""
        return self.uri.startswith(("http://", "https://"))

    @property
    def shown(self) -> str:
        """The address without user and password, for messages."""
        return without_password(self.uri)


def resolve(root: Path) -> Address:
    """Returns the store of the project whose files lie in `root`.

    `MLFLOW_TRACKING_URI` and `MLFLOW_EXPERIMENT_NAME` are respected; a relative SQLite file in
    the former is taken from the project's root, not from the current folder.
    """
    home = Path(os.environ.get("DVC_ROOT") or root).resolve()
    uri = os.environ.get("MLFLOW_TRACKING_URI") or f"{SQLITE}mlflow/mlflow.db"
    experiment = os.environ.get("MLFLOW_EXPERIMENT_NAME") or EXPERIMENT
    if uri.startswith(SQLITE):
        return _sqlite(home / uri.removeprefix(SQLITE), experiment)
    decides = uri.startswith(("http://", "https://", "databricks"))
    artifacts = None if decides else home / "mlflow" / "artifacts"
    return Address(uri, experiment, artifacts, lock=home / ".visage" / "mlflow.lock")


def is_off() -> bool:
    """Whether `VISAGE_TRACK=off` keeps the pipeline from tracking."""
    return os.environ.get(SWITCH, "").lower() == "off"


def refuse_off() -> None:
    """Makes sure that tracking is on.

    Raises:
        OffError: it is switched off.
    """
    if is_off():
        raise OffError(f"{SWITCH}=off keeps this from MLflow; unset it, or set it to on")


def without_password(text: str) -> str:
    """Returns `text` with the user and password of every address in it left out."""
    return re.sub(r"://[^/@\s]*@", "://", text)


def _sqlite(database: Path, experiment: str) -> Address:
    lock = database.with_name(f"{database.name}.lock")
    return Address(f"{SQLITE}{database}", experiment, database.parent / "artifacts", lock)
