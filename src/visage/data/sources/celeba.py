"""Source `celeba`: gender from the attribute `Male`; no ages.

CelebA (Liu et al., ICCV 2015) as its publisher gives it (text files, any spaces, in one folder or
in Anno/, Eval/ and Img/) or as Kaggle does (CSV). The number in the first line of the attributes
is not believed: extracts keep the whole set's. Partition and identities are read where they are.
"""

from collections.abc import Iterator
from pathlib import Path

from visage.codes import Part, Task
from visage.data.csv_rows import Column, check_header, read_rows
from visage.data.layout import find_file, where_to_look
from visage.data.packed import Packed
from visage.data.source import GenderCodes, Record, Source, SourceError, find_root
from visage.params.data import Data

CODES = GenderCodes(female="-1", male="1")
ATTRIBUTES = ("list_attr_celeba.txt", "Anno/list_attr_celeba.txt", "list_attr_celeba.csv")
PARTITIONS = (
    "list_eval_partition.txt",
    "Eval/list_eval_partition.txt",
    "list_eval_partition.csv",
)
IDENTITIES = ("identity_CelebA.txt", "Anno/identity_CelebA.txt")
IMAGES = "img_align_celeba"
IMAGE_FOLDERS = (f"{IMAGES}/{IMAGES}", IMAGES, f"Img/{IMAGES}")  # Kaggle packs it twice
TASKS = frozenset({Task.GENDER})
PARTS = {"0": Part.TRAIN, "1": Part.VALIDATION, "2": Part.TEST}


def read(data: Data) -> Source:
    """Returns the rows of the attributes; there are no unlabelled ones.

    Raises:
        SourceError: the root or the attributes are missing, or a file is not in its form.
    """
    root = find_root(data.root)
    attributes = find_file(root, ATTRIBUTES)
    if attributes is None:
        names = f"{ATTRIBUTES[0]} or {ATTRIBUTES[-1]}"
        raise SourceError(f"data.root: {root} lacks {names}; {where_to_look(root, ATTRIBUTES)}")
    folder = next((one for one in IMAGE_FOLDERS if (root / one).is_dir()), IMAGES)
    parts, identities = _parts(root), _identities(root)
    records = Packed(
        Record(
            id=name.rpartition(".")[0] or name,
            row=row,
            path=f"{folder}/{name}",
            tasks=TASKS,
            gender=male,
            identity=identities.get(name),
            official_part=parts.get(name),
            malformed=male is None,
        )
        for row, (name, male) in enumerate(_attributes(attributes))
    )
    if not records:
        raise SourceError(f"{attributes} has a header but no rows; it needs one row an image")
    return Source(name="celeba", root=root, codes=CODES, records=records)


def _attributes(path: Path) -> Iterator[tuple[str, str | None]]:
    """Yields each image's name and its `Male`; None where a line has too few or many values."""
    if path.suffix == ".csv":
        for cells in read_rows(path, [Column("image_id"), Column("Male")]):
            yield cells["image_id"] or "", None if cells.surplus else cells["Male"]
        return
    lines = _lines(path)
    header = next(lines, [])
    if len(header) == 1 and header[0].isdigit():
        header = next(lines, [])
    check_header(path, header, [Column("Male")])
    male = header.index("Male")
    for name, *values in lines:
        yield name, values[male] if len(values) == len(header) else None


def _parts(root: Path) -> dict[str, Part]:
    path = find_file(root, PARTITIONS)
    parts = {}
    for name, code in _pairs(path, value="partition") if path else ():
        if code not in PARTS:
            raise SourceError(f"{path}: {name} has the partition {code!r}; it must be 0, 1 or 2")
        parts[name] = PARTS[code]
    return parts


def _identities(root: Path) -> dict[str, str]:
    path = find_file(root, IDENTITIES)
    return dict(_pairs(path, value="identity")) if path else {}


def _pairs(path: Path, *, value: str) -> Iterator[tuple[str, str]]:
    """Yields each image's name and the one value that a file gives it."""
    if path.suffix == ".csv":
        for row in read_rows(path, [Column("image_id"), Column(value)]):
            if row.surplus:
                name = row["image_id"]
                raise SourceError(f"{path}: the line of {name!r} has more cells than the header")
            yield row["image_id"] or "", (row[value] or "").strip()
        return
    for cells in _lines(path):
        if len(cells) != 2:
            found = " ".join(cells[:4])
            raise SourceError(f"{path}: {found!r} is not an image's name and its {value}")
        yield cells[0], cells[1]


def _lines(path: Path) -> Iterator[list[str]]:
    """Yields the words of each line, empty lines left out."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield from filter(None, map(str.split, file))
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 ({error.reason}); save it as UTF-8") from None
    except OSError as error:
        raise SourceError(f"{path} can't be read: {error}") from None
