"""Source `utkface`: the labels are in the file names, `age_gender_race_datetime.jpg.chip.jpg`.

UTKFace (Zhang, Song & Qi, CVPR 2017) codes 0 = male, 1 = female. Its release holds malformed
names. Where three fields stand before the timestamp the labels are certain, whatever happened to
timestamp or suffix; with one field missing nobody can say whether the lone digit is gender or
race, so the row is set aside.
"""

import re

from visage.data.cropping import UNKNOWN, Cropping
from visage.data.layout import jpeg_names, readable
from visage.data.packed import Packed
from visage.data.source import GenderCodes, Record, Source, find_root
from visage.params.data import Data

CODES = GenderCodes(female="1", male="0")
CROPPING = Cropping(margin=0.0, aligned=True)  # docs/experiments, 2026-11-22-face-detectors.md
RACES = {"0": "white", "1": "black", "2": "asian", "3": "indian", "4": "other"}
CHIP = ".chip.jpg"  # the aligned crops; the release in the wild has whole photos
SUFFIX = re.compile(r"\s*\.?jpg(\.chip\.jpg)?$", re.IGNORECASE)
STEM = re.compile(r"(?P<age>\d+)_(?P<gender>\d+)_(?P<race>\d)_\d+", re.ASCII)


def read(data: Data) -> Source:
    """Returns one record a file or link in the root, sorted by name; there are no unlabelled ones.

    Raises:
        SourceError: the root is missing or holds no JPEG files.
    """
    root = find_root(data.root)
    names = jpeg_names(root, form="age_gender_race_datetime.jpg.chip.jpg")
    records = Packed(_record(name, row=row) for row, name in enumerate(names))
    chips = all(name.lower().endswith(CHIP) for name in names)
    return Source(
        name="utkface",
        root=root,
        codes=CODES,
        records=records,
        cropping=CROPPING if chips else UNKNOWN,
    )


def _record(name: str, *, row: int) -> Record:
    # A name that is not UTF-8 comes with surrogates, which never match.
    stem = SUFFIX.sub("", readable(name))
    match = STEM.fullmatch(stem)
    if match is None:
        return Record(id=stem, row=row, path=readable(name), malformed=True)
    return Record(
        id=stem,
        row=row,
        path=name,
        age=match["age"],
        gender=match["gender"],
        race=RACES.get(match["race"]),
    )
