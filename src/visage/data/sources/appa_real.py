"""Source `appa_real`: real and apparent age, three CSV tables with a folder each; no gender.

APPA-REAL (Agustsson et al., FG 2017) has the real age of each photo and what about 38 people
guessed. `data.appa_real.age` says which of the two is the label, `data.appa_real.images` whether
the publisher's crop beside each photo is read or the photo itself. The parts are the publisher's.
"""

from collections.abc import Iterator
from pathlib import Path

from visage.codes import Part, Task
from visage.data.csv_rows import Column, read_rows
from visage.data.layout import require_files
from visage.data.packed import Packed
from visage.data.source import Record, Source, find_root
from visage.params.data import Data
from visage.params.sources import AppaReal

TASKS = frozenset({Task.AGE})
PARTS = {"train": Part.TRAIN, "valid": Part.VALIDATION, "test": Part.TEST}
AGES = {"real": "real_age", "apparent": "apparent_age_avg"}
SUFFIXES = {"face": "_face.jpg", "photo": ""}  # 000000.jpg has its crop in 000000.jpg_face.jpg


def read(data: Data) -> Source:
    """Returns the rows of the three tables; there are no unlabelled ones.

    Raises:
        SourceError: the root or a table is missing or unreadable.
    """
    root = find_root(data.root)
    paths = require_files(root, [f"gt_avg_{folder}.csv" for folder in PARTS])
    tables = zip(paths, PARTS, strict=True)
    rows = (row for path, folder in tables for row in _rows(path, folder, data.appa_real))
    records = Packed(
        Record(
            id=f"{folder}/{name.rpartition('.')[0] or name}",
            row=row,
            path=f"{folder}/{name}{SUFFIXES[data.appa_real.images]}",
            tasks=TASKS,
            age=age,
            official_part=PARTS[folder],
            malformed=surplus,
        )
        for row, (folder, name, age, surplus) in enumerate(rows)
    )
    return Source(name="appa_real", root=root, records=records)


def _rows(path: Path, folder: str, params: AppaReal) -> Iterator[tuple[str, str, str | None, bool]]:
    """Yields folder, photo's name and age of each row, and whether it has too many cells."""
    age = AGES[params.age]
    for cells in read_rows(path, [Column("file_name"), Column(age)]):
        yield folder, (cells["file_name"] or "").strip(), cells[age], cells.surplus
