"""Source `imdb_wiki`: one Matlab table for each of the two databases, whole photos or faces.

IMDB-WIKI (Rothe, Timofte & Van Gool, IJCV 2018) has the day of birth and the year of the photo; the
age is taken as of the middle of that year. Crawled labels are noisy, so what the publisher's face
detection says of a photo can leave it out (`data.imdb_wiki`), as yu4u/age-gender-estimation does.
The person's name, not the number that only IMDB has, is the identity: many stand in both databases.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from visage.data.layout import where_to_look
from visage.data.packed import Packed
from visage.data.source import GenderCodes, Record, Source, SourceError, find_root
from visage.params.data import Data
from visage.params.sources import ImdbWiki

CODES = GenderCodes(female="0", male="1")
DATABASES = ("imdb", "wiki")
NUMBERS = ("dob", "photo_taken", "gender", "face_score", "second_face_score")
TEXTS = ("full_path", "name")
MATLAB_DAYS = 366  # Matlab counts days from 0 January 0000, Python from 1 January 0001


@dataclass(frozen=True, slots=True)
class Photo:
    """One row of a database.

    Attributes:
        path: relative to the table's folder.
        born: Matlab's serial number of a day.
        taken: a year.
        gender: 0 female, 1 male, NaN unknown.
        score: of the face detection; -inf: it found no face.
        second_score: of the second face; -inf or NaN: it found none.
    """

    path: str
    person: str
    born: float
    taken: float
    gender: float
    score: float
    second_score: float


def read(data: Data) -> Source:
    """Returns the rows of imdb.mat, then those of wiki.mat; one of the two may be missing.

    Raises:
        SourceError: the root or both tables are missing, or a table is there twice or unreadable.
    """
    root = find_root(data.root)
    tables = [table for database in DATABASES for table in _tables(root, database)]
    if not tables:
        names = [name for database in DATABASES for name in _places(database)]
        raise SourceError(
            f"data.root: {root} lacks imdb.mat and wiki.mat; {where_to_look(root, names)}"
        )
    photos = ((table, photo) for table in tables for photo in _photos(root / table))
    records = Packed(
        _record(photo, table=PurePosixPath(table), row=row, params=data.imdb_wiki)
        for row, (table, photo) in enumerate(photos)
    )
    return Source(name="imdb_wiki", root=root, codes=CODES, records=records)


def age_in(taken: float, *, born: float) -> int | None:
    """Returns the age, years, in the middle of the year `taken`, or None.

    As calc_age of yu4u/age-gender-estimation: who was born before July has had the birthday. A day
    outside of the calendar is taken as its end, so that the age is out of range.
    """
    if not (math.isfinite(taken) and math.isfinite(born)):
        return None
    day = min(max(int(born) - MATLAB_DAYS, 1), date.max.toordinal())
    birth = date.fromordinal(day)
    return int(taken) - birth.year - (0 if birth.month < 7 else 1)


def _places(database: str) -> tuple[str, ...]:
    """Where a table may be below the root: the archives unpack to the last two."""
    file = f"{database}.mat"
    return file, f"{database}/{file}", f"{database}_crop/{file}"


def _tables(root: Path, database: str) -> list[str]:
    found = [place for place in _places(database) if (root / place).is_file()]
    if len(found) > 1:
        raise SourceError(
            f"data.root: {root} has {database}.mat more than once ({', '.join(found)}); whole "
            "photos and faces are the same rows: set data.root to a folder with one of them"
        )
    return found


def _record(photo: Photo, *, table: PurePosixPath, row: int, params: ImdbWiki) -> Record:
    age = age_in(photo.taken, born=photo.born)
    return Record(
        id=f"{table.stem}/{photo.path.rpartition('.')[0] or photo.path}",
        row=row,
        path=(table.parent / photo.path).as_posix(),
        age=None if age is None else str(age),
        gender=None if math.isnan(photo.gender) else f"{photo.gender:g}",
        identity=photo.person or None,
        left_out=_left_out(photo, params),
    )


def _left_out(photo: Photo, params: ImdbWiki) -> str | None:
    """Returns the filter that leaves the photo out and its score; NaN leaves nothing out."""
    lowest, highest = params.min_face_score, params.max_second_face_score
    if lowest is not None and photo.score < lowest:
        return f"data.imdb_wiki.min_face_score: {photo.score:g}"
    if highest is not None and photo.second_score > highest:
        return f"data.imdb_wiki.max_second_face_score: {photo.second_score:g}"
    return None


def _photos(path: Path) -> Iterator[Photo]:
    columns = _columns(path)
    texts = (map(_text, columns[name]) for name in TEXTS)
    numbers = (_numbers(columns[name], where=f"{path}: {name}") for name in NUMBERS)
    for full_path, name, *values in zip(*texts, *numbers, strict=True):
        yield Photo(full_path, name, *values)


def _columns(path: Path) -> dict[str, Any]:
    """Returns the table's columns, one-dimensional and equally long."""
    rows = _load(path)
    missing = [name for name in (*NUMBERS, *TEXTS) if name not in (rows.dtype.names or ())]
    if missing:
        raise SourceError(f"{path} lacks {', '.join(missing)}; take the publisher's file")
    columns = {name: rows[name].ravel() for name in (*NUMBERS, *TEXTS)}
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise SourceError(f"{path}: its columns differ in length ({lengths}); download it again")
    return columns


def _load(path: Path) -> Any:
    from scipy.io import loadmat  # no other source needs it

    try:
        return loadmat(path, variable_names=[path.stem])[path.stem][0, 0]
    except Exception as error:  # a parser may raise anything on a broken file
        raise SourceError(
            f"{path} can't be read as a Matlab table ({error!r}); download it again"
        ) from None


def _numbers(column: Any, *, where: str) -> list[float]:
    try:
        return list(column.astype(float))
    except (TypeError, ValueError):
        raise SourceError(f"{where} holds more than numbers; download the file again") from None


def _text(cell: Any) -> str:
    return "".join(map(str, cell.flat))  # an empty cell is an array without elements
