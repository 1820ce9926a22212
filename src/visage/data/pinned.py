"""Whether a data set is still what its pin says, found while `ingest` reads it anyway.

A pinned root is one file to DVC, so DVC does not see an image that changed. `ingest` does: the
names of all files first, then every file that is no image, then each image as it is read.
"""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

from visage.data.suffixes import COMMON
from visage.files.pins import Pin, PinError, file_hash, file_names, is_pin, read_pin

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
    others = [name for name in pin.hashes if PurePosixPath(name).suffix.lower() not in COMMON]
    _refuse(place, "changed", [name for name in others if _hash(pin, name) != pin.hashes[name]])

    def verify(path: str, sha256: str | None) -> None:
        name = PurePosixPath(path).as_posix()
        pinned = pin.hashes.get(name)
        if pinned is not None and (sha256 or _hash(pin, name)) != pinned:
            _refuse(place, "changed", [name])
        if pinned is None and sha256 is not None:
            raise PinError(
                f"{place}: {name} was read, and no pinned file is named so; it is reached through "
                "a link in a circle, or is spelt otherwise: correct it where the data set names it"
            )

    return verify


def _hash(pin: Pin, name: str) -> str:
    try:
        return file_hash(pin.root / name)
    except OSError:
        return ""


def _refuse(pin: Path, what: str, names: list[str]) -> None:
    if names:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        raise PinError(
            f"{pin}: not as pinned, {what}: {', '.join(names[:SHOWN])}{more}; restore the files, "
            f"or pin again: visage data pin {read_pin(pin).root} --name {pin.stem}"
        )
