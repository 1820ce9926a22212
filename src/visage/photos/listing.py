"""Which photos are meant: files, folders, patterns, or a list on standard input.

A file that is named and not there is a row with an error, as a broken one is, and so is a folder
that can't be read. A pattern or a folder without any photo is a mistake in the command, and said at
once.
"""

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from visage.data.suffixes import COMMON, RARE
from visage.errors import VisageError
from visage.photos.folders import folders

STDIN: Final = "-"
SUFFIXES: Final = COMMON | RARE
WILD: Final = frozenset("*?[")
DEEP: Final = "**"


class NoPhotosError(VisageError):
    """A folder or a pattern holds no photos, or the list is empty."""


def list_photos(words: Iterable[str], *, listed: Iterable[str] = ()) -> list[Path]:
    """Returns the photos that `words` mean, each once, in the order in which they are named.

    Args:
        words: paths of files or folders, patterns (`**` enters folders), or "-".
        listed: what "-" stands for: a path a line.

    Raises:
        NoPhotosError: a folder or a pattern holds no photos, a word is empty, or nothing is listed.
    """
    found = [path for word in words for path in _meant(word, listed)]
    if not found:
        raise NoPhotosError("no photos: name files, folders or patterns, or - for a list on stdin")
    return list(dict.fromkeys(found))


def _meant(word: str, listed: Iterable[str]) -> Iterator[Path]:
    if not word:
        raise NoPhotosError("a path is empty; the current folder is .")
    path = Path(word)
    # os.path, not Path: what may not be looked at, or has too long a name, is a row of its own.
    if word == STDIN:
        yield from (Path(line) for line in map(_without_end, listed) if line)
    elif os.path.isdir(word):  # noqa: PTH112
        yield from _required(_below(path), f"{word} holds no photos ({' '.join(sorted(SUFFIXES))})")
    elif WILD & set(word) and not os.path.exists(word):  # noqa: PTH110
        yield from _required(_matching(path), f"nothing matches {word}")
    else:
        yield path


def _below(folder: Path) -> list[Path]:
    """Returns the photos below a folder, by their names' endings, and folders that are locked."""
    locked: list[Path] = []
    found = [
        place / name
        for place, names in folders(folder, locked=locked)
        for name in names
        if Path(name).suffix.lower() in SUFFIXES
    ]
    return sorted(found + locked)


def _matching(pattern: Path) -> list[Path]:
    """Returns the files that a pattern means, and folders that are locked; those of a folder once.

    Its leading folders that exist by these very names mean themselves: `[2019]` is a usual name.
    """
    there = next((up for up in pattern.parents if os.path.isdir(up)), Path())  # noqa: PTH112
    locked: list[Path] = []
    found = [*_matches(there, pattern.relative_to(there).parts, locked=locked), *locked]
    real = {folder: os.path.realpath(folder) for folder in {path.parent for path in found}}
    once: dict[tuple[str, str], Path] = {}
    for path in sorted(found):
        once.setdefault((real[path.parent], path.name), path)
    return list(once.values())


def _matches(folder: Path, parts: Sequence[str], *, locked: list[Path]) -> Iterator[Path]:
    """Yields the files that a pattern's parts mean in a folder; as glob, links in loops aside."""
    if DEEP not in parts:
        yield from (path for path in _globbed(folder, parts) if not os.path.isdir(path))  # noqa: PTH112
        return
    at = parts.index(DEEP)
    for top in filter(os.path.isdir, _globbed(folder, parts[:at])):
        for place, _ in folders(top, locked=locked, hidden=False):
            yield from _matches(place, parts[at + 1 :] or ["*"], locked=locked)


def _globbed(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    pattern = Path(glob.escape(str(folder)), *parts)
    return map(Path, glob.iglob(str(pattern)))  # noqa: PTH207


def _required(paths: list[Path], fault: str) -> list[Path]:
    if not paths:
        raise NoPhotosError(fault)
    return paths


def _without_end(line: str) -> str:
    return line.rstrip("\r\n")
