"""Whether a data set is still what its pin says, found while `ingest` reads it anyway.

A pinned root is one file to DVC, so DVC does not see an image that changed. `ingest` does: the
names of all files first, then every file that is no image, then each image as it is read.
"""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

from visage.files.hashes import sha256_file
from visage.files.pins import Pin, PinError, file_names, is_pin, read_pin

IMAGES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"})
SHOWN: Final = 3

Verify = Callable[[str, str | None], None]  # path below the root, sha256 if known


def trust(_path: str, _sha256: str | None) -> None:
    """Passes: the root is a folder, which DVC hashes itself."""


def verifier(root: str) -> Verify:
    """Returns a check of images against the pin `root`; where it is a folder, one that passes.

    Raises:
        PinError: files came, went, or changed that are no images.
    """
    place = Path(root)
    if not is_pin(place):
        return trust
    pin = read_pin(place)
    names = set(file_names(pin.root))
    _refuse(place, "new", sorted(names - pin.hashes.keys()))
    _refuse(place, "gone", sorted(pin.hashes.keys() - names))
    others = [name for name in pin.hashes if PurePosixPath(name).suffix.lower() not in IMAGES]
    _refuse(place, "changed", [name for name in others if _hash(pin, name) != pin.hashes[name]])

    def verify(path: str, sha256: str | None) -> None:
        name = PurePosixPath(path).as_posix()
        pinned = pin.hashes.get(name)
        if pinned is not None and (sha256 or _hash(pin, name)) != pinned:
            _refuse(place, "changed", [name])

    return verify


def _hash(pin: Pin, name: str) -> str:
    try:
        return sha256_file(pin.root / name)
    except OSError:
        return ""


def _refuse(pin: Path, what: str, names: list[str]) -> None:
    if names:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        raise PinError(
            f"{pin}: not as pinned, {what}: {', '.join(names[:SHOWN])}{more}; restore the files, "
            f"or pin again: visage data pin {read_pin(pin).root} --name {pin.stem}"
        )
