"""From a file's bytes to an RGB image of 8 bits a channel, or what is wrong with them.

What the bytes hold decides, not the file's name. Grey is repeated, 16 bits are scaled to 8, CMYK
is read inverted, as Adobe writes it and all cameras' software reads it; what is transparent
becomes black, as a letterbox's bars are, because the colours under it were never meant to be
seen. EXIF's rotation is applied once. A JPEG has no checksum: damage that keeps its length, or a
cut that is closed by an end marker, goes unseen.

A JPEG that is much larger than what it is wanted for is decoded at a half, a quarter or an eighth:
libjpeg then leaves out the high frequencies, which is an average over the pixels that are merged.
"""

import io
import struct
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
import PIL.Image
import PIL.ImageOps
from cv2.utils.logging import LOG_LEVEL_SILENT, setLogLevel

from visage.data.fault import Fault
from visage.files.faces import Image
from visage.schema import Reason

MAX_PIXELS = 80_000_000  # 240 MB decoded; a small file may claim any size
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # JPEG's markers of a frame
FRAME_SIZE = struct.Struct(">HH")
REDUCED = {  # how many times smaller -> OpenCV's flag, which says grey only where it stands alone
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
}


def quiet_decoders() -> None:
    """Keeps libraries from telling what is wrong with an image, and OpenCV to one thread.

    We tell it in our own words, and the images are what runs in parallel.
    """
    setLogLevel(LOG_LEVEL_SILENT)
    cv2.setNumThreads(1)
    warnings.simplefilter("ignore", PIL.Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Decoded:
    """An image as displayed, (H, W, 3), maybe reduced; the size in pixels is the original's."""

    image: Image
    width: int
    height: int


def decode_original(content: bytes, *, side: int | None = None) -> Decoded | Fault:
    """Returns the image, or the fault; at most `MAX_PIXELS` pixels.

    side: pixels; a JPEG may come reduced, both its sides being at least that. None: in full.
    """
    size = jpeg_size(content)
    found = _read_header(content) if size is None or size[0] * size[1] > MAX_PIXELS else False
    if isinstance(found, str):
        return Fault(Reason.IMAGE_UNREADABLE, found)
    try:
        # OpenCV first in either case: it refuses the truncated files that Pillow fills up.
        flags = cv2.IMREAD_COLOR_RGB | _reduction(size, side)
        image = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
        if image is not None and found:
            image = _on_black(content)
    except (cv2.error, OSError, ValueError, SyntaxError):  # all of Pillow's decoding errors
        image = None
    if image is None:
        return Fault(Reason.IMAGE_UNREADABLE, "truncated or broken")
    return _decoded(image.astype(np.uint8, copy=False), size)


def _reduction(size: tuple[int, int] | None, side: int | None) -> int:
    """Returns the flag of the largest reduction that keeps both sides at `side` or more, or 0."""
    if size is None or side is None:
        return 0
    return next((flag for times, flag in REDUCED.items() if min(size) >= times * side), 0)


def _decoded(image: Image, size: tuple[int, int] | None) -> Decoded:
    height, width = image.shape[:2]
    if size is None:
        return Decoded(image, width, height)
    turned = (width > height and size[0] < size[1]) or (width < height and size[0] > size[1])
    return Decoded(image, *(reversed(size) if turned else size))


def _read_header(content: bytes) -> bool | str:
    """Returns whether something is transparent, or the fault.

    With Pillow, which reads no pixel here: OpenCV would decode 3 GB before it refuses. It judges
    what is no JPEG, or one whose size can't be found or is too large; `jpeg_size` is quicker.
    """
    try:
        with PIL.Image.open(io.BytesIO(content)) as header:
            width, height = header.size
            transparent = header.has_transparency_data and not header.mode.startswith("I")
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        return f"too many pixels, the limit is {MAX_PIXELS}"
    except Exception:  # a parser may raise anything on hostile bytes
        return f"no image, {len(content)} bytes"
    if width * height > MAX_PIXELS:
        return f"{width} x {height} pixels, the limit is {MAX_PIXELS}"
    return transparent


def jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Returns width and height in a JPEG's frame header, before any rotation; None: not found.

    Markers follow each other as FF, kind, length (ITU-T T.81, B.1); the frame's kinds are C0 to CF
    but for three that are tables.
    """
    if content[:2] != b"\xff\xd8":
        return None
    at = 2
    while content[at : at + 1] == b"\xff" and at + 9 <= len(content):
        kind = content[at + 1]
        if kind in FRAMES:
            height, width = FRAME_SIZE.unpack_from(content, at + 5)
            return (width, height) if width and height else None
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _on_black(content: bytes) -> Image:
    with PIL.Image.open(io.BytesIO(content)) as image:
        colours = PIL.ImageOps.exif_transpose(image).convert("RGBA")
    black = PIL.Image.new("RGBA", colours.size, "black")
    return np.array(PIL.Image.alpha_composite(black, colours).convert("RGB"))
