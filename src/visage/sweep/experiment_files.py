"""Outputs of a DVC experiment as files, without a change to the workspace."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from visage.errors import VisageError
from visage.sweep.references import Reference


class ExperimentError(VisageError):
    """There is no such experiment, or its outputs are not at hand."""


@contextmanager
def files_of(reference: Reference, root: Path, files: Iterable[Path]) -> Iterator[Path]:
    """Gives a folder that has those files of a state: the workspace, or a temporary one.

    Raises:
        ExperimentError: a file is not at hand.
    """
    if reference.commit is None:
        yield root
        return
    with TemporaryDirectory() as folder:
        to = Path(folder)
        fetch_files(reference.commit, root, files=files, to=to, name=reference.name)
        yield to


def fetch_available(commit: str, root: Path, *, files: Iterable[Path], to: Path) -> list[Path]:
    """Copies those files, or folders, of a commit that are at hand to the same places below `to`.

    Returns the others: outputs that DVC has neither in its cache nor in a remote, and files that
    the commit does not have.

    Raises:
        ExperimentError: DVC can't read the commit.
    """
    from dvc.api import DVCFileSystem  # half a second, which other uses need not wait for
    from dvc.exceptions import DvcException

    missing = []
    try:
        found = DVCFileSystem(str(root), rev=commit)
    except (DvcException, OSError) as error:
        raise ExperimentError(f"{commit[:10]}: {error}") from None
    for file in files:
        (to / file).parent.mkdir(parents=True, exist_ok=True)
        try:
            found.get(file.as_posix(), str(to / file), recursive=True)
        except (DvcException, OSError):
            _remove(to / file)  # a part of it, perhaps
        if not (to / file).is_file() and not any((to / file).glob("*")):
            missing.append(file)
    return missing


def fetch_files(
    commit: str, root: Path, *, files: Iterable[Path], to: Path, name: str | None = None
) -> None:
    """Copies files of a commit to the same places below `to`.

    name: what the user calls the commit; sweep/references.py finds the one by the other.

    Raises:
        ExperimentError: with the command that gets the outputs.
    """
    from dvc.api import DVCFileSystem  # half a second, which other uses need not wait for
    from dvc.exceptions import DvcException

    try:
        found = DVCFileSystem(str(root), rev=commit)
        for file in files:
            (to / file).parent.mkdir(parents=True, exist_ok=True)
            found.get_file(file.as_posix(), str(to / file))
    except (DvcException, OSError) as error:
        called = name or commit[:10]
        raise ExperimentError(
            f"{called}: {error}; get another clone's experiment with `dvc exp pull origin NAME`, "
            "and outputs with `dvc pull`"
        ) from None


def _remove(path: Path) -> None:
    if path.is_dir():
        rmtree(path)
    path.unlink(missing_ok=True)
