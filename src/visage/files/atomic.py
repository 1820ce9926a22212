"""Files and folders that appear whole or not at all.

What is written goes to a neighbour with a temporary name and is renamed at the end, so that an
interrupted run leaves nothing half-written under a name that someone reads.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Gives a temporary path beside `path` and renames it to `path` if the block succeeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def to_disk(path: Path) -> None:
    """Waits until what is written to a file is on the disk: a power cut could lose it before."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Gives an empty temporary folder beside `path`; it replaces `path` if the block succeeds.

    The old folder is moved away before it is deleted, which takes time and may be interrupted. In
    between it is the only whole one: where the new one did not take its place, it comes back.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary, old = (path.with_name(f".{path.name}.{suffix}") for suffix in ("part", "old"))
    _clear(path, temporary, old)
    temporary.mkdir()
    try:
        yield temporary
        if path.exists():
            path.rename(old)
        temporary.rename(path)
    finally:
        _clear(path, temporary, old)


def _clear(path: Path, temporary: Path, old: Path) -> None:
    """Deletes what is left beside `path`, and brings the old folder back where there is no other.

    Nothing half-deleted has the old folder's name, so that what has it is whole.
    """
    shutil.rmtree(temporary, ignore_errors=True)
    if old.exists() and not path.exists():
        old.rename(path)
    if old.exists() and not temporary.exists():
        old.rename(temporary)
        shutil.rmtree(temporary, ignore_errors=True)
