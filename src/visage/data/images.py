"""One image from file to store: read, checked, hashed, resized and encoded, decoded only once.

Whatever a file holds, the answer is an image or a fault, never a crash. A path may be
neither absolute nor go up, so that no table opens a file outside the root.
"""

import stat
from collections.abc import Callable
from dataclasses import dataclass
from errno import ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR
from pathlib import Path, PurePath
from typing import Protocol

from visage.codes import Reason
from visage.data.album import SIDE
from visage.data.decoding import decode_original
from visage.data.difference_hash import HASH_SIZE, difference_hash
from visage.data.fault import Fault
from visage.data.luminance import Luminance, at_side, colour, grey, measure
from visage.data.packed import ByValues
from visage.files.hashes import sha256_bytes
from visage.files.jpeg import Image, encode

MAX_FILE_BYTES = 100 * 2**20
NOT_THERE = (ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG)  # other errors: disk, network, permission
HASHED_SIDE = 4 * HASH_SIZE  # pixels; a smaller image has too few to average for its hash

Rule = Callable[..., Image]  # from an image and the keyword `size` to a square of that side
Align = Callable[[Image], Image | None]


class Placed(Protocol):
    """Where an image lies in its square."""

    @property
    def rows(self) -> slice:
        """Of the square."""

    @property
    def columns(self) -> slice:
        """Of the square."""


Place = Callable[..., Placed]  # from an image's height and width and the keyword `size`


@dataclass(frozen=True, slots=True)
class Form:
    """How images are stored: squares of `size` pixels as JPEG.

    align: from an image to its face, or to None where there is none; None: images are faces.
    place: where the rule puts an image; None: it fills the square.
    """

    rule: Rule
    size: int
    jpeg_quality: int
    align: Align | None = None
    place: Place | None = None

    def seen(self, stored: Image, face: Image) -> Image:
        """Returns the part of a stored image that shows the face: no letterbox's bars."""
        if self.place is None:
            return stored
        placed = self.place(*face.shape[:2], size=self.size)
        return stored[placed.rows, placed.columns]


@dataclass(frozen=True, slots=True)
class ImageFacts(ByValues):
    """Of the original: width and height in pixels as displayed, hashes in hexadecimal."""

    width: int
    height: int
    sha256: str
    phash: str


@dataclass(frozen=True, slots=True)
class Original:
    """A decoded image, RGB, maybe reduced, and the facts of the original."""

    image: Image
    facts: ImageFacts


@dataclass(frozen=True, slots=True)
class CheckedImage(ByValues):
    """What is stored: the resized image as JPEG bytes, and the facts of the original.

    luminance, colour: of the resized image, without a letterbox's bars.
    small: bytes of its luminance, (24, 24), from which the score of a face is made.
    """

    content: bytes
    facts: ImageFacts
    luminance: Luminance
    colour: float
    small: bytes


def check_image(path: str, *, root: Path, form: Form) -> CheckedImage | Fault:
    """Returns the image at `path` below `root`, ready for the store, or what is wrong with it."""
    # A face is a small part of its photo: what it is cut from is read in full.
    original = read_original(path, root=root, side=None if form.align else form.size)
    if isinstance(original, Fault):
        return original
    face = form.align(original.image) if form.align else original.image
    if face is None:
        return Fault(Reason.FACE_NOT_FOUND, f"{original.facts.width} x {original.facts.height}")
    stored = form.rule(face, size=form.size)
    seen = form.seen(stored, face)
    luminance = grey(seen)
    return CheckedImage(
        encode(stored, jpeg_quality=form.jpeg_quality),
        original.facts,
        luminance=measure(luminance),
        colour=colour(seen),
        small=at_side(luminance, SIDE).tobytes(),
    )


def read_original(path: str, *, root: Path, side: int | None = None) -> Original | Fault:
    """Returns the image at `path` below `root`, or what is wrong with it.

    side: pixels; a larger image may come reduced, its hash then differs in a bit or two of 256.
    """
    content = _read(root, path)
    if isinstance(content, Fault):
        return content
    decoded = decode_original(content, side=None if side is None else max(side, HASHED_SIDE))
    if isinstance(decoded, Fault):
        return decoded
    facts = ImageFacts(
        width=decoded.width,
        height=decoded.height,
        sha256=sha256_bytes(content),
        phash=difference_hash(decoded.image),
    )
    return Original(decoded.image, facts)


def _read(root: Path, path: str) -> bytes | Fault:
    try:
        file = _find(root, path)
        if isinstance(file, Fault):
            return file
        found = file.stat()
        if not stat.S_ISREG(found.st_mode):  # a named pipe would be waited for
            return Fault(Reason.IMAGE_MISSING, path)
        if found.st_size > MAX_FILE_BYTES:
            value = f"{found.st_size} bytes, the limit is {MAX_FILE_BYTES}"
            return Fault(Reason.IMAGE_UNREADABLE, value)
        with file.open("rb", buffering=0) as opened:  # read_bytes takes half as long again
            return opened.readall()
    except OSError as error:
        if error.errno in NOT_THERE:
            return Fault(Reason.IMAGE_MISSING, path)
        return Fault(Reason.IMAGE_UNREADABLE, error.strerror or str(error))
    except ValueError:  # a name with a null character
        return Fault(Reason.IMAGE_MISSING, path)


def _find(root: Path, path: str) -> Path | Fault:
    """Returns where the file should be; links are followed wherever they lead.

    A path is the table's word, a link the user's own: folders of links and DVC's links into its
    cache are usual.
    """
    parts = PurePath(path)
    if parts.is_absolute() or ".." in parts.parts:
        return Fault(Reason.IMAGE_OUTSIDE, path)
    return root / parts
