"""Source `folder`: any folder of images without labels, to be predicted.

It is used beside a labelled source (`data.source: joined`), to get a submission for one's own
photos. An image's id is its path without the suffix, so that the submission's rows are found
again.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from visage.codes import UNLABELLED
from visage.data.layout import readable
from visage.data.packed import Packed
from visage.data.source import Record, Source, SourceError, find_root, unreadable
from visage.data.suffixes import COMMON, RARE
from visage.params.data import Data

SUFFIXES = COMMON | RARE
SHOWN = 8  # suffixes, in a message


def read(data: Data) -> Source:
    """Returns one unlabelled record an image below the root, sorted by path.

    Links are followed, a folder that is reached twice is read once. Hidden files and folders
    (".name") are no images of the user's.

    Raises:
        SourceError: the root is missing or holds no images, or with the folders that can't be read.
    """
    root = find_root(data.root)
    locked: list[OSError] = []
    files = sorted(_files(root, seen=set(), locked=locked))
    if locked:
        raise unreadable(*locked)
    paths = [path.relative_to(root).as_posix() for path in files if _suffix(path) in SUFFIXES]
    if not paths:
        raise SourceError(_nothing_found(root, files))
    records = (
        Record(
            id=readable(id_),
            row=row,
            path=readable(path),
            official_part=UNLABELLED,
            malformed=readable(path) != path,
        )
        for row, (path, id_) in enumerate(zip(paths, _ids(paths), strict=True))
    )
    return Source(name="folder", root=root, records=Packed(records))


def _files(folder: Path, *, seen: set[Path], locked: list[OSError]) -> Iterator[Path]:
    """Yields the files below a folder; what can't be looked at is added to `locked`."""
    seen.add(folder.resolve())
    try:
        inside = [(path, path.is_dir()) for path in sorted(folder.iterdir()) if _is_shown(path)]
    except OSError as error:
        locked.append(error)
        return
    for path, is_folder in inside:
        if not is_folder:
            yield path
        elif path.resolve() not in seen:
            yield from _files(path, seen=seen, locked=locked)


def _is_shown(path: Path) -> bool:
    return not path.name.startswith(".")


def _suffix(path: Path) -> str:
    return path.suffix.lower()


def _ids(paths: list[str]) -> list[str]:
    """Returns each path without its suffix; with it, where another file would have the same id."""
    stems = [path.rpartition(".")[0] for path in paths]
    count, whole = Counter(stems), set(paths)
    return [
        stem if count[stem] == 1 and stem not in whole else path
        for path, stem in zip(paths, stems, strict=True)
    ]


def _nothing_found(root: Path, files: list[Path]) -> str:
    suffixes = sorted({_suffix(path) for path in files})[:SHOWN]
    found = f"files there end in {', '.join(map(repr, suffixes))}" if suffixes else "it is empty"
    return (
        f"data.root: {root} holds no images ({found}); "
        f"set a folder with {', '.join(sorted(SUFFIXES))}"
    )
