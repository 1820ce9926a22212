"""Whether something can be written where the user wants it, asked before the work for it begins.

Nothing is made here, so that a command that is refused leaves nothing behind.
"""

import os
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import Final

from visage.errors import VisageError

FULL: Final = (ENOSPC, EDQUOT)  # what a full disk says


class PlaceError(VisageError):
    """Nothing can be written where something should go."""


def refuse_file(path: Path, *, option: str) -> None:
    """Refuses a path of which no file can be made.

    Raises:
        PlaceError: it is a folder, or its folder can't be made or written.
    """
    if os.path.isdir(path):  # noqa: PTH112 (Path's raises where one may not look)
        raise PlaceError(f"{option} {path} is a folder; name a file")
    _refuse(path.parent, f"{option} {path}")


def refuse_folder(path: Path, *, option: str) -> None:
    """Refuses a path of which no folder can be made, or one that can't be written.

    Raises:
        PlaceError: it is so.
    """
    _refuse(path, f"{option} {path}")


def _refuse(folder: Path, said: str) -> None:
    there = next((up for up in (folder, *folder.parents) if os.path.lexists(up)), Path())
    if not os.path.isdir(there):  # noqa: PTH112
        raise PlaceError(f"{said}: {there} is no folder; name another place, or move it away")
    if not os.access(there, os.W_OK | os.X_OK):
        raise PlaceError(f"{said}: {there} can't be written; name another place, or allow it")
