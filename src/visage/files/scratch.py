"""A file for what is too much for memory: without a name, gone with its owner or the program.

It lies in the project, where the data are: `/tmp` is often memory itself, or small. A user who has
set TMPDIR has chosen another place.
"""

import os
import tempfile
import weakref
from pathlib import Path
from typing import IO, Final

PROJECT: Final = Path(".dvc")  # is in the root of a project, a queued experiment's copy included
PLACE: Final = Path(".visage")


def scratch(owner: object) -> IO[bytes]:
    """Returns an empty file to write and read, which is closed when `owner` is no more."""
    file = tempfile.TemporaryFile(dir=_place())  # noqa: SIM115 (the owner's end closes it)
    weakref.finalize(owner, file.close)
    return file


def _place() -> Path | None:
    """Returns the project's own folder, None where there is none or the user has chosen one."""
    if "TMPDIR" in os.environ or not PROJECT.is_dir():
        return None
    try:
        PLACE.mkdir(exist_ok=True)
    except OSError:  # nothing may be written here
        return None
    return PLACE if os.access(PLACE, os.W_OK) else None
