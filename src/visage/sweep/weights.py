"""The hash of a state's weights, by which two states are known to be one training.

dvc.lock has it, so nothing is fetched; two commits of one training have the same.
"""

from pathlib import Path

from visage.files.paths import MODEL
from visage.tracking import git
from visage.tracking.state import LOCK_FILE, StateError, stages_of


def weights_md5(commit: str | None, root: Path) -> str:
    """Returns the md5 of the weights that a commit, or else the workspace, records; "" if none."""
    try:
        stages = stages_of(_lock(commit, root))
    except StateError:  # no lock, or one of another time
        return ""
    outs = (out for stage in stages.values() for out in stage.get("outs", []))
    return next((out.get("md5", "") for out in outs if out["path"] == MODEL.as_posix()), "")


def _lock(commit: str | None, root: Path) -> str:
    if commit is not None:
        return git.text_at(root, commit, str(LOCK_FILE)) or ""
    path = root / LOCK_FILE
    return path.read_text(encoding="utf-8") if path.is_file() else ""
