"""A file for what is too much for memory: without a name, gone with its owner or the program."""

import tempfile
import weakref
from typing import IO


def scratch(owner: object) -> IO[bytes]:
    """Returns an empty file to write and read, which is closed when `owner` is no more."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the owner's end closes it)
    weakref.finalize(owner, file.close)
    return file
