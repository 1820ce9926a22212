"""From a file or its bytes to an upright RGB image, with limits against what is hostile.

The same decoder as `ingest`'s: EXIF's rotation is applied, grey and 16 bits become RGB of 8.
"""

import os
import stat
from pathlib import Path
from typing import Final

from visage.data.decoding import Decoded, decode_original
from visage.data.images import MAX_FILE_BYTES, NOT_THERE
from visage.data.pixels import MAX_PIXELS
from visage.errors import VisageError
from visage.files.jpeg import Image

LIMIT: Final = "the limit is"  # as decoding says it
REMEDY: Final = "; make it smaller"


class PhotoError(VisageError):
    """A photo can't be read; the message says why."""


def read_photo(
    source: Path | bytes, *, max_bytes: int = MAX_FILE_BYTES, max_pixels: int = MAX_PIXELS
) -> Image:
    """Returns the photo as it is displayed, (H, W, 3), RGB.

    Raises:
        PhotoError: it is missing, too large, or no image that is whole.
    """
    return decode_photo(source, max_bytes=max_bytes, max_pixels=max_pixels).image


def decode_photo(
    source: Path | bytes,
    *,
    side: int | None = None,
    max_bytes: int = MAX_FILE_BYTES,
    max_pixels: int = MAX_PIXELS,
) -> Decoded:
    """Returns the photo, and its size in pixels.

    Args:
        source: a file, or its bytes.
        side: pixels; a JPEG may come reduced, both its sides being at least that. None: in full.
        max_bytes: of the file.
        max_pixels: of width times height.

    Raises:
        PhotoError: it is missing, too large, or no image that is whole.
    """
    size = len(source) if isinstance(source, bytes) else _file_size(source)
    if size > max_bytes:
        raise PhotoError(f"{size} bytes, {LIMIT} {max_bytes}{REMEDY}")
    content = source if isinstance(source, bytes) else _content(source)
    decoded = decode_original(content, side=side, max_pixels=max_pixels)
    if not isinstance(decoded, Decoded):
        raise PhotoError(f"{decoded.value}{REMEDY if LIMIT in decoded.value else ''}")
    return decoded


def _file_size(path: Path) -> int:
    try:
        found = path.stat()
    except OSError as error:
        raise PhotoError("no such file" if error.errno in NOT_THERE else _unread(error)) from None
    except ValueError:  # a name with a null character
        raise PhotoError("no such file") from None
    if stat.S_ISDIR(found.st_mode):
        raise PhotoError(_why_no_photo(path))
    if not stat.S_ISREG(found.st_mode):  # a named pipe would be waited for
        raise PhotoError("not a file")
    return found.st_size


def _why_no_photo(folder: Path) -> str:
    try:
        os.scandir(folder).close()
    except OSError as error:
        return f"the folder {_unread(error)}"
    return "not a file"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PhotoError(_unread(error)) from None


def _unread(error: OSError) -> str:
    return f"can't be read: {error.strerror}"
