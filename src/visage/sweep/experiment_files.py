"""Outputs of a DVC experiment as files, without a change to the workspace."""

from collections.abc import Iterable
from pathlib import Path

from visage.errors import VisageError
from visage.sweep.repository import experiments, head


class ExperimentError(VisageError):
    """There is no such experiment, or its outputs are not at hand."""


def fetch_files(
    name: str, root: Path, *, files: Iterable[Path], to: Path, commit: str | None = None
) -> None:
    """Copies files of an experiment, or of any Git revision, to the same places below `to`.

    commit: that the name stands for, where the caller knows it.

    Raises:
        ExperimentError: with the names that there are, or the command that gets the outputs.
    """
    from dvc.api import DVCFileSystem  # half a second, which other uses need not wait for
    from dvc.exceptions import DvcException

    known = experiments(root, start=head(root))
    try:
        found = DVCFileSystem(str(root), rev=commit or known.get(name, name))
        for file in files:
            (to / file).parent.mkdir(parents=True, exist_ok=True)
            found.get_file(file.as_posix(), str(to / file))
    except (DvcException, OSError) as error:
        names = ", ".join(sorted(known)) or "none"
        raise ExperimentError(
            f"{name}: {error}; experiments from HEAD: {names}; get another clone's with "
            f"`dvc exp pull origin {name}`, and outputs with `dvc pull`"
        ) from None
