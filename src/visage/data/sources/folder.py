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
from visage.data.source import Record, Source, SourceError, find_root
from visage.params.data import Data

# What data/decoding.py reads: formats that OpenCV and Pillow both know.
COMMON = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
RARE = frozenset({".avif", ".jfif", ".jp2", ".jpe", ".pbm", ".pgm", ".pnm", ".ppm"})
SUFFIXES = COMMON | RARE
SHOWN = 8  # suffixes, in a message


def read(data: Data) -> Source:
    """Returns one unlabelled record an image below the root, sorted by path.

    Links are followed, a folder that is reached twice is read once. Hidden files and folders
    (".name") are no images of the user's.

    Raises:
        SourceError: the root is missing or holds no images.
    """
    root = find_root(data.root)
    files = sorted(_files(root, seen=set()))
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


def _files(folder: Path, *, seen: set[Path]) -> Iterator[Path]:
    seen.add(folder.resolve())
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if not path.is_dir():
            yield path
        elif path.resolve() not in seen:
            yield from _files(path, seen=seen)


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
