"""The folders below one, each once, whatever links lead back to it.

A link in a loop would give every photo dozens of times, and two of them no end.
"""

import os
from collections.abc import Iterator
from pathlib import Path

Identity = tuple[int, int]  # device and inode


def folders(
    top: Path, *, locked: list[Path], hidden: bool = True
) -> Iterator[tuple[Path, list[str]]]:
    """Yields a folder and all below it, each with the names of its files; links are followed.

    A folder that is reached twice is entered once, not through a link to a neighbour.

    Args:
        top: the folder.
        locked: gets those that can't be read.
        hidden: whether folders below are entered whose names begin with a dot.
    """
    entered = {identity(top)}

    def keep(error: OSError) -> None:
        locked.append(Path(error.filename or top))

    for place, below, names in os.walk(top, followlinks=True, onerror=keep):
        shown = [Path(place, name) for name in below if hidden or not name.startswith(".")]
        own_first = sorted(shown, key=lambda path: (os.path.islink(path), path))  # noqa: PTH114
        below[:] = [path.name for path in own_first if _is_new(path, entered)]
        yield Path(place), names


def identity(path: Path) -> Identity | None:
    """Returns what a file or folder has under all its names; None: it can't be looked at."""
    try:
        found = path.stat()
    except (OSError, ValueError):  # not there, locked, or a name with a null character
        return None
    return found.st_dev, found.st_ino


def _is_new(folder: Path, entered: set[Identity | None]) -> bool:
    """Who enters what can't be looked at is told why."""
    own = identity(folder)
    is_known = own is not None and own in entered
    entered.add(own)
    return not is_known
