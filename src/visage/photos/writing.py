"""Where rows go: a file in the format of its suffix, which appears whole or not at all.

A format is a file of `photos/writers` with a function `open_writer`. Rows are written as they come.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Final

from visage.errors import VisageError
from visage.files.places import refuse_file
from visage.photos.rows import Row
from visage.registry import members

PACKAGE: Final = "visage.photos.writers"

Write = Callable[[Sequence[Row]], None]
Open = Callable[[Path], AbstractContextManager[Write]]


class OutputError(VisageError):
    """Rows can't be written in the form that is asked for."""


def writer(path: Path) -> Open:
    """Returns what opens a file of this suffix.

    Raises:
        OutputError: there is no such format.
        PlaceError: no file can be made there.
    """
    known = members(PACKAGE)
    name = path.suffix.removeprefix(".").lower()
    if name not in known:
        endings = ", ".join(f".{one}" for one in known)
        raise OutputError(f"--output {path}: the ending must be one of {endings}")
    refuse_file(path, option="--output")
    opened: Open = import_module(f"{PACKAGE}.{name}").open_writer
    return opened
