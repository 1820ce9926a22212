"""What a data source yields: its rows, with labels still as text and images still unopened.

A source (a module of `visage.data.sources`, function `read`) only knows where its rows stand.
What makes a label or an image valid is decided once, for all sources, by the modules beside this
one. A source reads its own files: they are inputs, not products of the pipeline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from visage.codes import UNLABELLED, Task
from visage.data.cropping import UNKNOWN, Cropping
from visage.data.packed import ByValues
from visage.errors import VisageError
from visage.files.pins import SUFFIX, is_pin, read_pin
from visage.params.data import Data
from visage.registry import resolve

BOTH = frozenset(Task)
SHOWN = 8  # files or folders, in a message


class SourceError(VisageError):
    """The data set is not there, or not in the form that its source reads."""


@dataclass(frozen=True, slots=True)
class Record(ByValues):
    """One row: labels are the source's own text, still to be checked.

    Attributes:
        id: unique within the data set.
        row: position in the data set, from 0.
        path: of the image, relative to the root, "/" between folders.
        tasks: the labels that the source gives; a row without one of these is faulty.
        age: in years; where the source knows a range only, its first year.
        age_to: the range's last year, inclusive; None: `age` is the age.
        gender: in the source's codes.
        identity: of the person, unique within the source; None: not known.
        race: the source's own word; None: not known.
        official_part: one of `codes.Part`, or UNLABELLED: there to be predicted.
        malformed: the source could not read id or labels from the row with certainty.
        left_out: the parameter and its value that leave the row out; None: none does.
        source: where several are joined, the one that it comes from; "": there is one.
    """

    id: str
    row: int
    path: str
    tasks: frozenset[Task] = BOTH
    age: str | None = None
    age_to: str | None = None
    gender: str | None = None
    identity: str | None = None
    race: str | None = None
    official_part: str | None = None
    malformed: bool = False
    left_out: str | None = None
    source: str = ""

    @property
    def unlabelled(self) -> bool:
        """Whether the row is there to be predicted, so that labels are not expected."""
        return self.official_part == UNLABELLED


@dataclass(frozen=True, slots=True)
class GenderCodes:
    """How the source writes the two genders."""

    female: str = "female"
    male: str = "male"


@dataclass(frozen=True, slots=True)
class Source:
    """A data set: labelled records first, rows counted from 0 through to the last.

    records: of a large data set `Packed`, so that memory does not grow with them.
    cropping: how its authors cut the faces out, where that has been measured.
    """

    name: str
    root: Path
    records: Sequence[Record]
    codes: GenderCodes = GenderCodes()
    cropping: Cropping = UNKNOWN


def read_source(data: Data) -> Source:
    """Returns the data set, read by the module that `data.source` names.

    Raises:
        SourceError: the data set is not there, not in that source's form, or can't be looked at.
        UnknownMemberError: there is no such source.
    """
    read = resolve("visage.data.sources", data.source, "read", param="data.source")
    try:
        source: Source = read(data)
    except OSError as error:
        if error.filename is None:  # of no file of the data set: a full disk, for one
            raise
        raise unreadable(error) from None
    return source


def find_root(root: str) -> Path:
    """Returns the folder `data.root`, or that of the pin which `data.root` names.

    Raises:
        SourceError: there is no such folder, or it can't be looked at.
        PinError: what is named like a pin is none.
    """
    path = Path(root)
    try:
        if is_pin(path):
            return _of_pin(path)
        if path.is_dir():
            return path
        found = _what_is_there(path)
    except OSError as error:
        raise unreadable(error) from None
    if path.suffix == SUFFIX:
        raise SourceError(
            f"data.root: there is no pin {root!r}; make it with `visage data pin FOLDER`"
        )
    raise SourceError(
        f"data.root: {root!r} {found}; set the absolute path of the folder with the faces, or "
        "track the folder with `dvc add` (a relative folder that Git ignores is not there in a "
        "queued experiment)"
    )


def unreadable(*errors: OSError) -> SourceError:
    """Returns the error for files and folders of the data set that can't be looked at."""
    named = [f"{error.filename} ({error.strerror})" for error in errors[:SHOWN]]
    more = f" and {len(errors) - SHOWN} more" if len(errors) > SHOWN else ""
    return SourceError(
        f"data.root: can't look at {', '.join(named)}{more}; see to it that you may read them and "
        "open the folders above, or set another folder"
    )


def _of_pin(path: Path) -> Path:
    folder = read_pin(path).root
    if folder.is_dir():
        return folder
    raise SourceError(
        f"data.root: {path} is the pin of {str(folder)!r}, which {_what_is_there(folder)}; bring "
        f"that folder back, or delete {path} and pin the folder where it is now"
    )


def _what_is_there(path: Path) -> str:
    return "is not a folder" if path.exists() else "does not exist"
