"""Source `joined`: several data sets as one, each in a folder below `data.root`.

`data.sources` lists them. An id, an identity and a path get the folder in front, so that equal
names of two data sets don't meet, and one data set may be there twice under two folders. Data sets
that stand apart are brought below one root by links (`ln -s`), which DVC follows.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from visage.data.cropping import UNKNOWN
from visage.data.labels import same_code
from visage.data.packed import Packed
from visage.data.source import (
    GenderCodes,
    Record,
    Source,
    SourceError,
    find_root,
    read_source,
    unreadable,
)
from visage.errors import VisageError
from visage.params.data import Data
from visage.params.sources import Joined
from visage.registry import UnknownMemberError

NAME = "joined"
CODES = GenderCodes()


def read(data: Data) -> Source:
    """Returns the records of all data sets, the unlabelled ones last.

    Raises:
        SourceError: the root is missing, the list is empty, or with the faults of all data sets.
    """
    root = find_root(data.root)
    if not data.sources:
        raise SourceError(
            "data.sources: is empty; data.source=joined needs a list such as "
            "[{source: utkface, root: its folder below data.root}, ...]"
        )
    parts = _parts(data, root)
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


def _parts(data: Data, root: Path) -> list[tuple[Source, str]]:
    """Returns the data sets, each with what goes before its ids and paths."""
    parts: list[tuple[Source, str]] = []
    faults: list[str] = []
    for number, one in enumerate(data.sources):
        try:
            parts.append(_part(one, data, root=root, param=f"data.sources[{number}]"))
        except SourceError as error:
            faults.append(str(error))
    if faults:
        raise SourceError("\n".join(dict.fromkeys(faults)))
    return parts


def _part(one: Joined, data: Data, *, root: Path, param: str) -> tuple[Source, str]:
    """Returns a data set, and what goes before its ids and paths."""
    folder = PurePosixPath(one.root)
    if folder.is_absolute() or ".." in folder.parts:
        raise SourceError(f"{param}.root: {one.root!r} is not a folder below data.root")
    if one.source == NAME:
        raise SourceError(f"{param}.source: {NAME} can't be a part of itself; list its parts")
    if not _is_folder(root / folder):
        raise SourceError(
            f"{param}.root: {root} has no folder {one.root!r}; set one that is below it"
        )
    its_own = {"source": one.source, "root": str(root / folder)}
    try:
        source = read_source(data.model_copy(update=its_own))
    except (SourceError, UnknownMemberError) as error:
        raise SourceError(_of_part(error, root=root, param=param)) from None
    return source, "".join(f"{part}/" for part in folder.parts)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as error:
        raise unreadable(error) from None


def _of_part(error: VisageError, *, root: Path, param: str) -> str:
    """Returns the fault of a part in terms of `data.sources`, whose folders lie below the root."""
    start = re.escape(str(root))
    text = re.sub(rf"(?<![\w./]){start}/", "", str(error))
    text = re.sub(rf"(?<= to | or ){start}(?![\w./-])", ".", text)
    text = text.removeprefix("params.yaml: ").replace("data.source:", f"{param}.source:")
    return text.replace("data.root", f"{param}.root")


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
