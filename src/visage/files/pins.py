"""A pin: the names and content hashes of all files of a folder, in one file.

DVC stats every file of a folder at each command, seconds for a large one; a pin is one file for it.
The form is that of `sha256sum`, so that `sha256sum --check` reads it, and the folder stands in its
first line. Times are no part of it, so that equal contents give equal bytes; they are kept beside
it, in `.visage/`, so that pinning again hashes only what was touched.
"""

import errno
import os
import stat
import unicodedata
from collections.abc import Mapping, Sequence
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
SHOWN: Final = 10
# Characters by Unicode's category: control characters, bytes that are no UTF-8, line separators.
NOT_IN_A_LINE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})

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
    """Returns the pin of a folder's files, as `file_names` finds them.

    With `trust_times` a file is hashed only if its size or a time of it differs from when `name`
    was pinned last, and what is found is kept for the next time. Else all are hashed, and nothing
    is written.

    Raises:
        PinError: the folder is not there, or with all that can't be pinned in it.
    """
    known = _read_stamps(name, root) if trust_times else {}
    names = file_names(root)
    stamps: dict[str, Stamp] = {}
    faults = []
    with ThreadPoolExecutor(own_cores()) as pool:
        found = pool.map(lambda one: _stamp(root / one, known.get(one)), names)
        for one, stamp in zip(names, found, strict=True):
            if isinstance(stamp, OSError):
                faults.append(f"{one!r}: {stamp.strerror}")
            else:
                stamps[one] = stamp
    _refuse(root, faults)
    if trust_times:
        write_json(SEEN / f"{name}.json", {"root": str(root), "files": stamps})
    return Pin(root, {one: str(stamp[-1]) for one, stamp in stamps.items()})


def file_names(root: Path) -> list[str]:
    """Returns the relative names of all files below a folder, sorted.

    Links are followed, and what is reached by two names has both. Only a link to a folder that it
    lies in is passed over.

    Raises:
        PinError: the folder can't be read, or with all folders in it that can't be read and all
            names that don't fit into a line of UTF-8.
    """
    names: list[str] = []
    faults: list[str] = []
    waiting: list[tuple[str, frozenset[str]]] = [("", frozenset())]
    while waiting:
        folder, above = waiting.pop()
        above |= {os.path.realpath(root / folder)}
        try:
            entries = list(os.scandir(root / folder))
        except OSError as error:
            if not folder:
                raise PinError(
                    f"{root} can't be read ({error.strerror}); give the folder with the faces"
                ) from None
            faults.append(f"{folder!r}: {error.strerror}")
            continue
        for entry in entries:
            if not _is_folder(entry):
                names.append(folder + entry.name)
            elif os.path.realpath(entry) not in above:
                waiting.append((f"{folder}{entry.name}/", above))
    faults += [f"{name!r}: its name can't stand in a line" for name in names if _breaks(name)]
    _refuse(root, faults)
    return sorted(names)


def file_hash(file: Path) -> str:
    """Returns the sha256 of a file's content.

    Raises:
        OSError: it can't be read, or is a named pipe or the like, which would be waited for.
    """
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError(errno.EINVAL, "is no file with a content")
    return sha256_file(file)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle, or to where one may not look: told when it is hashed
        return False


def _breaks(name: str) -> bool:
    if name.isprintable():
        return False
    return not NOT_IN_A_LINE.isdisjoint(map(unicodedata.category, name))


def _refuse(root: Path, faults: Sequence[str]) -> None:
    if faults:
        more = [f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        listed = "\n  ".join([*sorted(faults)[:SHOWN], *more])
        raise PinError(
            f"{root}: not all can be pinned:\n  {listed}\nmend, rename or remove what is listed"
        )


def _read_stamps(name: str, root: Path) -> dict[str, Stamp]:
    try:
        known = read_json(SEEN / f"{name}.json")
        return dict(known["files"]) if known["root"] == str(root) else {}
    except (JsonFileError, KeyError, TypeError):
        return {}


def _stamp(file: Path, known: Stamp | None) -> Stamp | OSError:
    """Returns size, times and hash of a file, or why there are none."""
    try:
        found = file.stat()
        times = [found.st_size, found.st_mtime_ns, found.st_ctime_ns]
        if known is not None and known[:-1] == times:
            return known
        return [*times, file_hash(file)]
    except OSError as error:
        return error
