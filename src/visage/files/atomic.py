"""Files and folders that appear whole or not at all.

What is written goes to a neighbour with a temporary name and is renamed at the end, so that an
interrupted run leaves nothing half-written under a name that someone reads.
"""

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


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Gives an empty temporary folder beside `path`; it replaces `path` if the block succeeds.

    The old folder is moved away before it is deleted, which takes time and may be interrupted.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary, old = (path.with_name(f".{path.name}.{suffix}") for suffix in ("part", "old"))
    for remains in (temporary, old):
        shutil.rmtree(remains, ignore_errors=True)
    temporary.mkdir()
    try:
        yield temporary
        if path.exists():
            path.rename(old)
        temporary.rename(path)
    finally:
        for remains in (temporary, old):
            shutil.rmtree(remains, ignore_errors=True)
