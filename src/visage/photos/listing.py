"""Which photos are meant: files, folders, patterns, or a list on standard input.

A file that is named and not there is a row with an error, as a broken one is; a pattern or a
folder without any photo is a mistake in the command, and said at once.
"""

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from visage.errors import VisageError

STDIN: Final = "-"
SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif", ".jp2"}
)
WILD: Final = frozenset("*?[")


class NoPhotosError(VisageError):
    """A folder or a pattern holds no photos, or the list is empty."""


def list_photos(words: Iterable[str], *, listed: Iterable[str] = ()) -> list[Path]:
    """Returns the photos that `words` mean, each once, in the order in which they are named.

    Args:
        words: paths of files or folders, patterns (`**` enters folders), or "-".
        listed: what "-" stands for: a path a line.

    Raises:
        NoPhotosError: a folder or a pattern holds no photos, or nothing is listed.
    """
    found = [path for word in words for path in _meant(word, listed)]
    if not found:
        raise NoPhotosError("no photos: name files, folders or patterns, or - for a list on stdin")
    return list(dict.fromkeys(found))


def _meant(word: str, listed: Iterable[str]) -> Iterator[Path]:
    if word == STDIN:
        yield from (Path(line) for line in map(_without_end, listed) if line)
        return
    path = Path(word)
    if path.is_dir():
        yield from _required(_below(path), f"{word} holds no photos ({' '.join(sorted(SUFFIXES))})")
    elif WILD & set(word) and not path.exists():
        matches = (Path(name) for name in sorted(glob.glob(word, recursive=True)))  # noqa: PTH207
        files = [match for match in matches if not match.is_dir()]
        yield from _required(files, f"nothing matches {word}")
    else:
        yield path


def _below(folder: Path) -> list[Path]:
    """Returns the photos below a folder, by their names' endings, sorted; links are followed."""
    found = [
        Path(place, name)
        for place, _, names in os.walk(folder, followlinks=True)
        for name in names
        if Path(name).suffix.lower() in SUFFIXES
    ]
    return sorted(found)


def _required(paths: list[Path], fault: str) -> list[Path]:
    if not paths:
        raise NoPhotosError(fault)
    return paths


def _without_end(line: str) -> str:
    return line.rstrip("\r\n")
