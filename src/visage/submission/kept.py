"""What is committed beside a submission, so that a plain clone can make it again.

An experiment is a ref, which a clone does not have and anybody may remove. Its dvc.lock and its
params.yaml are small, and with the code, which some commit of a branch has, they are its state.
They lie beside the table under its name: `x.csv`, `x.json`, `x.dvc.lock`, `x.params.yaml`. (A file
`dvc.yaml` is not among them: DVC would take it for a pipeline of the project.)
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from visage.errors import VisageError
from visage.files.atomic import atomic_file
from visage.files.paths import SUBMISSION, SUBMISSION_JSON
from visage.params.load import PARAMS_FILE
from visage.submission.code import code_commits
from visage.submission.lock import Stage, made, read_lock, route
from visage.sweep.experiment_files import fetch_files
from visage.sweep.references import find
from visage.tracking.state import LOCK_FILE


class KeepError(VisageError):
    """A submission can't be kept so that it could be made again."""


@dataclass(frozen=True, eq=False)
class Kept:
    """The state that lies beside a submission.

    Attributes:
        files: by the place in the project that each has in that state.
        stages: of its dvc.lock.
    """

    files: Mapping[Path, Path]
    stages: Mapping[str, Stage]

    @property
    def lock(self) -> Path:
        """The dvc.lock."""
        return self.files[LOCK_FILE]


def kept_beside(file: Path) -> Kept | None:
    """Returns the state that lies beside a submission, or None.

    Raises:
        StateError: its dvc.lock can't be read.
    """
    files = {place: _beside(file, place) for place in (LOCK_FILE, PARAMS_FILE)}
    if not all(path.is_file() for path in files.values()):
        return None
    return Kept(files, read_lock(files[LOCK_FILE].read_text(encoding="utf-8")))


def keep(name: str, root: Path, *, file: Path) -> list[Path]:
    """Copies the submission of an experiment, or of a revision, to `file`, and its state beside it.

    Returns the files that were written.

    Raises:
        UnknownReferenceError: the name stands for nothing, or for several experiments.
        ExperimentError: the submission is not at hand.
        KeepError: it is in no commit, it made no submission, no commit has its code, or the file
            is named otherwise.
    """
    if file.suffix != SUBMISSION.suffix:
        raise KeepError(f"{file}: the table's name must end with {SUBMISSION.suffix}")
    commit = find(name, root).commit
    if commit is None:
        raise KeepError(f"{name}: is in no commit, so nobody could make it again; commit it first")
    places = (SUBMISSION, SUBMISSION_JSON, LOCK_FILE, PARAMS_FILE)
    with TemporaryDirectory() as temporary:
        fetch_files(commit, root, files=places, to=Path(temporary), name=name)
        stages = read_lock((Path(temporary) / LOCK_FILE).read_text(encoding="utf-8"))
        _refuse_what_is_lost(commit, root, stages)
        written = [_beside(file, place) for place in places]
        for place, path in zip(places, written, strict=True):
            with atomic_file(path) as partial:
                shutil.copyfile(Path(temporary) / place, partial)
    return written


def _refuse_what_is_lost(commit: str, root: Path, stages: Mapping[str, Stage]) -> None:
    if made(stages) is None:
        raise KeepError(f"{commit} made no submission: its dvc.lock names none")
    if not code_commits(root, route(stages)):
        raise KeepError(
            "no commit of a branch or tag has the code that made this submission, so that no clone "
            f"could make it again; `git tag handed-in {commit}` keeps that code"
        )


def _beside(file: Path, place: Path) -> Path:
    return file if place == SUBMISSION else file.with_suffix(_ending(place))


def _ending(place: Path) -> str:
    return place.suffix if place == SUBMISSION_JSON else f".{place.name}"
