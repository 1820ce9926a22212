"""A pin: the names and content hashes of all files of a folder, in one file.

DVC stats every file of a folder at each command, seconds for a large one; a pin is one file for it.
The form is that of `sha256sum`, so that `sha256sum --check` reads it, and the folder stands in its
first line. Times are no part of it, so that equal contents give equal bytes; they are kept beside
it, in `.visage/`, so that pinning again hashes only what was touched.
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from visage.cores import own_cores
from visage.errors import VisageError
from visage.files.atomic import atomic_file
from visage.files.hashes import sha256_file
from visage.files.jsons import JsonFileError, read_json, write_json

SUFFIX: Final = ".sha256"
PINS: Final = Path("pins")
SEEN: Final = Path(".visage/pins")
HEAD: Final = "# root: "

Stamp = list[int | str]  # size in bytes, mtime and ctime in nanoseconds, sha256


class PinError(VisageError):
    """A pin can't be made or read, or its folder is not what was pinned."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A folder, and by relative name ("/" between folders) the sha256 of each of its files."""

    root: Path
    hashes: Mapping[str, str]


def is_pin(path: Path) -> bool:
    """Whether a path names a pin rather than a folder."""
    return path.suffix == SUFFIX and path.is_file()


def read_pin(path: Path) -> Pin:
    """Returns a pin.

    Raises:
        PinError: the file is no pin.
    """
    try:
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        hashes = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    except (ValueError, OSError):
        head, hashes = "", {}
    if not head.startswith(HEAD) or not all(hashes):
        raise PinError(f"{path} is no pin; make it with `visage data pin FOLDER`")
    return Pin(Path(head.removeprefix(HEAD)), hashes)


def write_pin(path: Path, pin: Pin) -> None:
    """Writes a pin, sorted by name, whole or not at all."""
    lines = [f"{HEAD}{pin.root}", *(f"{pin.hashes[name]}  {name}" for name in sorted(pin.hashes))]
    with atomic_file(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def make_pin(root: Path, *, name: str, trust_times: bool) -> Pin:
    """Returns the pin of a folder; links are followed, each folder once.

    With `trust_times` a file is hashed only if its size or a time of it differs from when `name`
    was pinned last.

    Raises:
        PinError: the folder is not there, or a file's name has a line break or is not UTF-8.
    """
    if not root.is_dir():
        raise PinError(f"{root} is no folder; give the folder with the faces")
    stamps = _read_stamps(name, root) if trust_times else {}
    with ThreadPoolExecutor(own_cores()) as pool:
        names = sorted(file_names(root))
        found = pool.map(lambda one: _stamp(root / one, stamps.get(one)), names)
        stamps = dict(zip(names, found, strict=True))
    write_json(SEEN / f"{name}.json", {"root": str(root), "files": stamps})
    return Pin(root, {one: str(stamp[-1]) for one, stamp in stamps.items()})


def file_names(root: Path) -> Iterator[str]:
    """Yields the relative names of all files below a folder."""
    seen: set[str] = set()
    for folder, folders, files in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:  # a link in a circle
            folders.clear()
            continue
        seen.add(real)
        for file in files:
            name = Path(folder, file).relative_to(root).as_posix()
            if not name.isprintable():
                raise PinError(f"{root}: the name {name!r} can't be pinned; rename the file")
            yield name


def _read_stamps(name: str, root: Path) -> dict[str, Stamp]:
    try:
        known = read_json(SEEN / f"{name}.json")
        return dict(known["files"]) if known["root"] == str(root) else {}
    except (JsonFileError, KeyError, TypeError):
        return {}


def _stamp(file: Path, known: Stamp | None) -> Stamp:
    try:
        found = file.stat()
        times = [found.st_size, found.st_mtime_ns, found.st_ctime_ns]
        if known is not None and known[:-1] == times:
            return known
        return [*times, sha256_file(file)]
    except OSError as error:
        raise PinError(f"{file} can't be pinned: {error.strerror}; mend or remove it") from None
