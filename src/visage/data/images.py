"""One image from file to store: read, checked, hashed, resized and encoded, decoded only once.

Whatever a file holds, the answer is an image or a fault, never a crash. A truncated file is a
fault, were it by two bytes; a JPEG has no checksum, so damage that keeps its length goes unseen.
Nothing outside the root is opened: a path may be neither absolute nor go up (links that lie
inside the root are followed).
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

import cv2
import imagehash
import numpy as np
import PIL.Image

from visage.data.rejections import Fault
from visage.files.faces import Image, encode
from visage.files.hashes import sha256_bytes
from visage.schema import Reason

MAX_FILE_BYTES = 100 * 2**20
MAX_PIXELS = 80_000_000  # 240 MB decoded; a small file may claim any size
HASH_SIZE = 16  # bits a side of the difference hash: 256 in all

Resize = Callable[[Image], Image]


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Of the original: width and height in pixels as displayed, hashes in hexadecimal."""

    width: int
    height: int
    sha256: str
    phash: str


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """What is stored: the resized image as JPEG bytes, and the facts of the original."""

    content: bytes
    facts: ImageFacts


def check_image(
    path: str, *, root: Path, resize: Resize, jpeg_quality: int
) -> CheckedImage | Fault:
    """Returns the image at `path` below `root`, ready for the store, or what is wrong with it."""
    content = _read(root, path)
    if isinstance(content, Fault):
        return content
    image = _decode(content)
    if isinstance(image, Fault):
        return image
    height, width = image.shape[:2]
    facts = ImageFacts(
        width=width, height=height, sha256=sha256_bytes(content), phash=difference_hash(image)
    )
    return CheckedImage(encode(resize(image), jpeg_quality=jpeg_quality), facts)


def difference_hash(image: Image) -> str:
    """Returns the 256-bit dHash of an RGB image as 64 hexadecimal digits.

    The sign of the difference of neighbouring pixels of the image shrunk to 17 x 16 (N. Krawetz,
    "Kind of Like That", 2013).
    """
    bits = imagehash.dhash(PIL.Image.fromarray(image), hash_size=HASH_SIZE).hash
    return np.packbits(bits).tobytes().hex()  # as str() gives it, in a fifth of the time


def _read(root: Path, path: str) -> bytes | Fault:
    missing = Fault(Reason.IMAGE_MISSING, path)
    parts = PurePath(path)
    if not path or parts.is_absolute() or ".." in parts.parts:
        return missing
    file = root / parts
    try:
        if not file.is_file():  # a named pipe would be waited for
            return missing
        size = file.stat().st_size
        if size > MAX_FILE_BYTES:
            return Fault(Reason.IMAGE_UNREADABLE, f"{size} bytes, the limit is {MAX_FILE_BYTES}")
        return file.read_bytes()
    except PermissionError:
        return Fault(Reason.IMAGE_UNREADABLE, "no permission to read it")
    except (OSError, ValueError):  # a name too long, or with a null character
        return missing


def _decode(content: bytes) -> Image | Fault:
    fault = _header_fault(content)
    if fault:
        return Fault(Reason.IMAGE_UNREADABLE, fault)
    try:
        image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error:
        image = None
    if image is None:
        return Fault(Reason.IMAGE_UNREADABLE, "truncated or broken")
    return image.astype(np.uint8, copy=False)


def _header_fault(content: bytes) -> str | None:
    """Looks at the header only, with Pillow, because OpenCV would decode 3 GB before it refuses."""
    try:
        with PIL.Image.open(io.BytesIO(content)) as header:
            width, height = header.size
    except Exception:  # a parser may raise anything on hostile bytes
        return f"no image, {len(content)} bytes"
    if width * height > MAX_PIXELS:
        return f"{width} x {height} pixels, the limit is {MAX_PIXELS}"
    return None
