"""Where a data set's files lie below the root, and what to say when they don't.

The commonest mistake is a root one folder too high or too low, so the folders around it are
searched for what is missing and the right one is named.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from visage.data.source import SourceError

SHOWN = 8  # folders, in a message


def require_files(root: Path, names: Sequence[str]) -> list[Path]:
    """Returns the files `names`, which all must be in `root`.

    Raises:
        SourceError: with all that are missing, and the folder near by that has them.
    """
    missing = [name for name in names if not (root / name).is_file()]
    if missing:
        some = len(missing) < len(names)
        remedy = "put what is missing beside the others" if some else where_to_look(root, names)
        raise SourceError(f"data.root: {root} lacks {', '.join(missing)}; {remedy}")
    return [root / name for name in names]


def find_file(root: Path, names: Sequence[str]) -> Path | None:
    """Returns the first of the files `names` that is in `root`, or None."""
    return next((root / name for name in names if (root / name).is_file()), None)


def where_to_look(root: Path, names: Sequence[str]) -> str:
    """Returns the remedy for a root without these files; one of them marks the right folder."""
    right = [place for place in _near(root) if _has(place, names)]
    if right:
        return f"set data.root to {' or '.join(map(str, right[:SHOWN]))}"
    return f"set data.root to the folder that holds them ({_contents(root)})"


def jpeg_names(root: Path, *, form: str) -> list[str]:
    """Returns the names of the files and links in `root` that end in .jpg, in any case, sorted.

    form: what the names look like, for the message.

    Raises:
        SourceError: there are none.
    """
    # A link in a circle, or to where one may not look, is a row that is set aside later.
    names = sorted(
        entry.name
        for entry in os.scandir(root)
        if entry.name.lower().endswith(".jpg") and not _is_folder(Path(entry))
    )
    if not names:
        raise SourceError(
            f"data.root: {root} holds no .jpg files ({_contents(root)}); "
            f"set the folder whose files are named {form}"
        )
    return names


def readable(name: str) -> str:
    """Returns a file's name with "?" for bytes that are no UTF-8, which no table can hold."""
    return name.encode("utf-8", "replace").decode()


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # no permission to look
        return False


def _near(root: Path) -> list[Path]:
    """Returns the folders below `root`, then those below them, then the one above it."""
    below = _folders(root)
    return [*below, *(deep for folder in below for deep in _folders(folder)), root.parent]


def _has(folder: Path, names: Sequence[str]) -> bool:
    try:
        return find_file(folder, names) is not None
    except OSError:  # no permission to look
        return False


def _contents(root: Path) -> str:
    folders = [folder.name for folder in _folders(root)]
    if not folders:
        return "it has no folders"
    return f"it has the folders {', '.join(folders[:SHOWN])}: is it one of those?"


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(Path(entry) for entry in os.scandir(folder) if Path(entry).is_dir())
    except OSError:  # no permission to look
        return []
