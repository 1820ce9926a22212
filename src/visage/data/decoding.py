"""From a file's bytes to an RGB image of 8 bits a channel, or what is wrong with them.

What the bytes hold decides, not the file's name. Grey is repeated, 16 bits are scaled to 8, CMYK
is read inverted, as Adobe writes it and all cameras' software reads it; what is transparent
becomes black, as a letterbox's bars are, because the colours under it were never meant to be
seen. The file's orientation is applied once. A JPEG has no checksum: damage that keeps its length,
or a cut that is closed by an end marker, goes unseen.

A JPEG that is much larger than what it is wanted for is decoded at a half, a quarter or an eighth:
libjpeg then leaves out the high frequencies, which is an average over the pixels that are merged.
"""

import io
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
import PIL.ExifTags
import PIL.Image
import PIL.ImageOps
from cv2.utils.logging import LOG_LEVEL_SILENT, setLogLevel

from visage.codes import Reason
from visage.data.fault import Fault
from visage.data.jpeg_header import jpeg_size, too_many_scans
from visage.data.pixels import MAX_PIXELS
from visage.files.jpeg import Image

DEEP_MODES = frozenset({"F", "I"})  # Pillow's, of 32 bits a channel
ORIENTATION = PIL.ExifTags.Base.Orientation
REDUCED = {  # how many times smaller -> OpenCV's flags; GRAYSCALE says grey only where it is alone
    8: cv2.IMREAD_COLOR_RGB | cv2.IMREAD_REDUCED_GRAYSCALE_8,
    4: cv2.IMREAD_COLOR_RGB | cv2.IMREAD_REDUCED_GRAYSCALE_4,
    2: cv2.IMREAD_COLOR_RGB | cv2.IMREAD_REDUCED_GRAYSCALE_2,
    1: cv2.IMREAD_COLOR_RGB,
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


def decode_original(
    content: bytes, *, side: int | None = None, max_pixels: int = MAX_PIXELS
) -> Decoded | Fault:
    """Returns the image, or the fault.

    Args:
        content: a file's bytes.
        side: pixels; a JPEG may come reduced, both its sides being at least that. None: in full.
        max_pixels: of width times height; what claims more is a fault, and is not decoded.
    """
    size = jpeg_size(content)
    found = _too_large(size, max_pixels) if size else _read_header(content, max_pixels=max_pixels)
    if not isinstance(found, str):
        found = too_many_scans(content, size) or found
    if isinstance(found, str):
        return Fault(Reason.IMAGE_UNREADABLE, found)
    times = _reduction(size, side)
    try:
        # OpenCV first in either case: it refuses the truncated files that Pillow fills up.
        image = cv2.imdecode(np.frombuffer(content, np.uint8), REDUCED[times])
        if image is not None and found:
            image = None  # Pillow's need not stand beside it
            image = _by_pillow(content)
    except Exception:  # a parser may raise anything on hostile bytes
        image = None
    if image is None:
        return Fault(Reason.IMAGE_UNREADABLE, _why_not(content))
    height, width = image.shape[:2]
    if size is not None and not _is_of((width, height), size, times=times):
        seen = f"{size[0]} x {size[1]} pixels in its header, {width} x {height} in the image"
        return Fault(Reason.IMAGE_UNREADABLE, seen)
    return _decoded(image.astype(np.uint8, copy=False), size)


def _reduction(size: tuple[int, int] | None, side: int | None) -> int:
    """Returns how many times smaller an image may be while both sides keep `side` or more."""
    if size is None or side is None:
        return 1
    return next((times for times in REDUCED if min(size) >= times * side), 1)


def _is_of(seen: tuple[int, int], size: tuple[int, int], *, times: int) -> bool:
    """Whether an image is as large as its header says, whichever way EXIF turned it."""
    return sorted(seen) == sorted(-(-side // times) for side in size)


def _decoded(image: Image, size: tuple[int, int] | None) -> Decoded:
    height, width = image.shape[:2]
    if size is None:
        return Decoded(image, width, height)
    turned = (width > height and size[0] < size[1]) or (width < height and size[0] > size[1])
    return Decoded(image, *(reversed(size) if turned else size))


def _read_header(content: bytes, *, max_pixels: int) -> bool | str:
    """Returns whether Pillow must decode it, or the fault.

    With Pillow, which reads no pixel here: OpenCV alone would decode 3 GB before it refuses. It
    judges what is no JPEG, or one whose size can't be found; `jpeg_size` is quicker. It decodes
    what OpenCV gets wrong: transparency, and an AVIF that is turned.
    """
    try:
        with PIL.Image.open(io.BytesIO(content)) as header:
            width, height = header.size
            transparent = header.has_transparency_data and not header.mode.startswith("I")
            turned = header.format == "AVIF" and header.getexif().get(ORIENTATION, 1) != 1
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        return f"too many pixels, the limit is {max_pixels}"
    except Exception:  # a parser may raise anything on hostile bytes
        return f"no image, {len(content)} bytes"
    return _too_large((width, height), max_pixels) or transparent or turned


def _why_not(content: bytes) -> str:
    """Says why OpenCV gives nothing of what Pillow knows: it reads no TIFF of 32 bits a channel."""
    try:
        with PIL.Image.open(io.BytesIO(content)) as header:
            deep = header.format == "TIFF" and header.mode in DEEP_MODES
    except Exception:  # a parser may raise anything on hostile bytes
        deep = False
    return "32 bits a channel; save it with 8 or 16" if deep else "truncated or broken"


def _too_large(size: tuple[int, int], max_pixels: int) -> str | None:
    width, height = size
    return (
        f"{width} x {height} pixels, the limit is {max_pixels}"
        if width * height > max_pixels
        else None
    )


def _by_pillow(content: bytes) -> Image:
    """Returns the image upright and on black; its peak is 11 bytes a pixel."""
    with PIL.Image.open(io.BytesIO(content)) as image:
        PIL.ImageOps.exif_transpose(image, in_place=True)
        colours = image if image.mode == "RGBA" else image.convert("RGBA")
        black = PIL.Image.new("RGB", colours.size)
        black.paste(colours, mask=colours)
    del image, colours
    return np.array(black)
