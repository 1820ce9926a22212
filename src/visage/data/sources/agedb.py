"""Source `agedb`: the labels are in the file names, `number_name_age_gender.jpg`.

AgeDB (Moschoglou et al., CVPR Workshops 2017) names the person, so a split can keep persons
apart. Number, age and gender are read from the two ends of a name, so that whatever stands between
them is the person.
"""

import re

from visage.data.layout import jpeg_names, readable
from visage.data.packed import Packed
from visage.data.source import GenderCodes, Record, Source, find_root
from visage.params.data import Data

CODES = GenderCodes(female="f", male="m")
STEM = re.compile(r"\d+_(?P<person>.*[^_])_(?P<age>\d+)_(?P<gender>[fm])", re.ASCII | re.IGNORECASE)


def read(data: Data) -> Source:
    """Returns one record a file or link in the root, sorted by name; there are no unlabelled ones.

    Raises:
        SourceError: the root is missing or holds no JPEG files.
    """
    root = find_root(data.root)
    names = jpeg_names(root, form="number_name_age_gender.jpg")
    records = Packed(_record(name, row=row) for row, name in enumerate(names))
    return Source(name="agedb", root=root, codes=CODES, records=records)


def _record(name: str, *, row: int) -> Record:
    stem = readable(name)[: -len(".jpg")]
    match = STEM.fullmatch(stem)
    if match is None or readable(name) != name:
        return Record(id=stem, row=row, path=readable(name), malformed=True)
    return Record(
        id=stem,
        row=row,
        path=name,
        age=match["age"],
        gender=match["gender"].lower(),
        identity=match["person"],
    )
