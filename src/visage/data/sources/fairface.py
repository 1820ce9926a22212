"""Source `fairface`: two CSV tables; ages are known as one of nine ranges.

FairFace (Kärkkäinen & Joo, WACV 2021) has train/ and val/. The publisher keeps the labels of his
own test set, and papers report figures on val, so val is the official test part; validation is
drawn from train. The last range is open: `data.fairface.oldest` ends it.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from visage.codes import Part
from visage.data.csv_rows import Column, Row, read_rows
from visage.data.layout import require_files
from visage.data.packed import Packed
from visage.data.source import GenderCodes, Record, Source, SourceError, find_root
from visage.params.data import Data

CODES = GenderCodes(female="Female", male="Male")
TABLES = {"fairface_label_train.csv": Part.TRAIN, "fairface_label_val.csv": Part.TEST}
COLUMNS = tuple(Column(name) for name in ("file", "age", "gender", "race"))
RANGE = re.compile(r"(?P<first>\d+)\s*-\s*(?P<last>\d+)", re.ASCII)
OPEN_RANGE, OPEN_FROM = "more than 70", "70"
# Both downloads are unpacked to train/ and val/; who keeps the archive's name has one of these.
ARCHIVES = ("fairface-img-margin025-trainval", "fairface-img-margin125-trainval")


def read(data: Data) -> Source:
    """Returns the rows of the train table, then those of the validation table.

    Raises:
        SourceError: the root or a table is missing or unreadable, or both crops are there.
    """
    root = find_root(data.root)
    paths = require_files(root, list(TABLES))
    before = _image_folder(root)
    rows = ((cells, part) for path in paths for cells, part in _rows(path))
    records = Packed(
        _record(cells, part, row=row, before=before, oldest=data.fairface.oldest)
        for row, (cells, part) in enumerate(rows)
    )
    return Source(name="fairface", root=root, codes=CODES, records=records)


def _rows(path: Path) -> Iterator[tuple[Row, Part]]:
    return ((cells, TABLES[path.name]) for cells in read_rows(path, COLUMNS))


def _image_folder(root: Path) -> PurePosixPath:
    """Returns the folder below the root that holds train/ and val/, "." where nothing is found."""
    found = [name for name in (".", *ARCHIVES) if (root / name / "train").is_dir()]
    if len(found) > 1:
        raise SourceError(
            f"data.root: {root} holds the images in more than one folder ({', '.join(found)}); "
            "set a folder that has the two tables beside one of them"
        )
    return PurePosixPath(found[0] if found else ".")


def _record(cells: Row, part: Part, *, row: int, before: PurePosixPath, oldest: int) -> Record:
    file = (cells["file"] or "").strip()
    first, last = _range(cells["age"], oldest=oldest)
    return Record(
        id=file.rpartition(".")[0] or file,
        row=row,
        path=(before / file).as_posix() if file else "",
        age=first,
        age_to=last,
        gender=cells["gender"],
        race=(cells["race"] or "").strip() or None,
        official_part=part,
        malformed=cells.surplus,
    )


def _range(text: str | None, *, oldest: int) -> tuple[str | None, str | None]:
    """Returns the first and last year of a range; what is none stays what it is."""
    if text is not None and text.strip() == OPEN_RANGE:
        return OPEN_FROM, str(oldest)
    match = RANGE.fullmatch((text or "").strip())
    return (match["first"], match["last"]) if match else (text, None)
