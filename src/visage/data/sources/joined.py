"""Source `joined`: several data sets as one, each in a folder below `data.root`.

`data.sources` lists them. An id, an identity and a path get the folder in front, so that equal
names of two data sets don't meet, and one data set may be there twice under two folders. Data sets
that stand apart are brought below one root by links (`ln -s`), which DVC follows.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from visage.data.cropping import UNKNOWN
from visage.data.labels import same_code
from visage.data.packed import Packed
from visage.data.source import GenderCodes, Record, Source, SourceError, find_root, read_source
from visage.params.data import Data
from visage.params.sources import Joined

NAME = "joined"
CODES = GenderCodes()


def read(data: Data) -> Source:
    """Returns the records of all data sets, the unlabelled ones last.

    Raises:
        SourceError: the root or one of the data sets is missing, or the list is empty.
        UnknownMemberError: there is no such source.
    """
    root = find_root(data.root)
    if not data.sources:
        raise SourceError(
            "data.sources: is empty; data.source=joined needs a list such as "
            "[{source: utkface, root: its folder below data.root}, ...]"
        )
    parts = [_part(one, data) for one in data.sources]
    in_order = (
        record
        for unlabelled in (False, True)
        for source, before in parts
        for record in _records(source, before)
        if record.unlabelled == unlabelled
    )
    records = Packed(replace(record, row=row) for row, record in enumerate(in_order))
    croppings = {source.cropping for source, _ in parts}
    return Source(
        name=NAME,
        root=root,
        records=records,
        codes=CODES,
        cropping=croppings.pop() if len(croppings) == 1 else UNKNOWN,
    )


def _part(one: Joined, data: Data) -> tuple[Source, str]:
    """Returns a data set, and what goes before its ids and paths."""
    folder = PurePosixPath(one.root)
    if folder.is_absolute() or ".." in folder.parts:
        raise SourceError(f"data.sources: root {one.root!r} is not a folder below data.root")
    if one.source == NAME:
        raise SourceError(f"data.sources: {NAME} can't be a part of itself; list its parts")
    root = find_root(data.root) / folder
    if not root.is_dir():
        raise SourceError(
            f"data.sources: {data.root} has no folder {one.root!r}; set one that is below it"
        )
    source = read_source(data.model_copy(update={"source": one.source, "root": str(root)}))
    return source, "".join(f"{part}/" for part in folder.parts)


def _records(source: Source, before: str) -> Iterator[Record]:
    for record in source.records:
        yield replace(
            record,
            id=before + record.id,
            path=before + record.path,
            gender=_in_words(record.gender, source.codes),
            identity=record.identity and before + record.identity,
            source=source.name,
        )


def _in_words(gender: str | None, codes: GenderCodes) -> str | None:
    """Returns a gender in the codes of `joined`; what is neither stays what it is."""
    if gender is None:
        return None
    if same_code(gender, codes.female):
        return CODES.female
    return CODES.male if same_code(gender, codes.male) else gender
