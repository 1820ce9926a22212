"""What an explanation is, in memory and as a folder: index.json beside the pictures that it names.

`explain` writes the folder, `report` reads it, and neither needs torch for that. Pictures have
numbers for names, because ids come from users' tables.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from visage.codes import Task
from visage.errors import VisageError
from visage.files.atomic import atomic_folder
from visage.files.jsons import read_json, write_json

INDEX: Final = "index.json"


class ExplanationsError(VisageError):
    """A folder of explanations does not hold what it should."""


class Group(StrEnum):
    """Why a face was chosen."""

    WORST = "worst"
    BEST = "best"
    RANDOM = "random"


class Method(StrEnum):
    """How a map was made."""

    GRAD_CAM = "grad_cam"
    OCCLUSION = "occlusion"


@dataclass(frozen=True)
class Chosen:
    """A face to be explained.

    Attributes:
        id: in the store of faces.
        group: why it was chosen.
        age: years; None: not known. age_estimate: all views' mean; None: no such head.
        gender: code; None: not known. gender_estimate: by the threshold; None: no such head.
    """

    id: str
    group: Group
    age: float | None
    age_estimate: float | None
    gender: int | None
    gender_estimate: int | None


@dataclass(frozen=True)
class Map:
    """What raised (positive) and lowered an output of one face.

    Attributes:
        task: age, whose output is in years, or gender, whose output is the logit of male.
        method: how it was made.
        largest: absolute value. Of occlusion, in the output's unit: so much the estimate changes
            while the place is covered. Of Grad-CAM its unit says nothing.
        strongest: the ninth of the picture with the largest mean absolute value; "": an even map.
        picture: JPEG bytes.
    """

    task: Task
    method: Method
    largest: float
    strongest: str
    picture: bytes = field(repr=False)


@dataclass(frozen=True)
class Explained:
    """A face, its maps, and how far they agree.

    Attributes:
        face: who it is and what is said of it.
        seen: the output of each task for the image as it is, which the maps explain.
        maps: two a task, or one where there is no Grad-CAM.
        agreement: Spearman correlation of a task's two maps; None where there are too few fields
            or one map is even.
        picture: JPEG bytes.
    """

    face: Chosen
    seen: Mapping[Task, float]
    maps: tuple[Map, ...]
    agreement: Mapping[Task, float | None]
    picture: bytes = field(repr=False)


@dataclass(frozen=True)
class Explanations:
    """All explained faces of a run.

    Attributes:
        part: which part they belong to.
        faces: worst, best, random.
        fields: height and width of Grad-CAM's feature map; None: there is none.
        note: why there is no Grad-CAM, or "".
    """

    part: str
    faces: tuple[Explained, ...] = ()
    fields: tuple[int, int] | None = None
    note: str = ""


def write_explanations(folder: Path, found: Explanations) -> None:
    """Writes a folder, whole or not at all."""
    with atomic_folder(folder) as temporary:
        entries = [_write(temporary, one, f"{row:03d}") for row, one in enumerate(found.faces)]
        head = {"part": found.part, "fields": found.fields, "note": found.note}
        write_json(temporary / INDEX, {**head, "faces": entries})


def _write(folder: Path, one: Explained, name: str) -> dict[str, Any]:
    """Writes a face's pictures; returns its entry in the index."""
    pictures = {f"{name}.jpg": one.picture}
    maps = []
    for made in one.maps:
        picture = f"{name}-{made.task}-{made.method}.jpg"
        pictures[picture] = made.picture
        maps.append({**asdict(made), "picture": picture})
    for picture, content in pictures.items():
        (folder / picture).write_bytes(content)
    own = {"picture": f"{name}.jpg", "seen": one.seen, "agreement": one.agreement, "maps": maps}
    return {**asdict(one.face), **own}


def read_explanations(folder: Path) -> Explanations:
    """Returns what `write_explanations` wrote.

    Raises:
        JsonFileError: there is no index.
        ExplanationsError: the index or a picture is not what it should be.
    """
    tree = read_json(folder / INDEX)
    try:
        return Explanations(
            part=tree["part"],
            faces=tuple(_read(folder, entry) for entry in tree["faces"]),
            fields=None if tree["fields"] is None else tuple(tree["fields"]),
            note=tree["note"],
        )
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise ExplanationsError(
            f"{folder} does not fit this version of visage: {error}; run `dvc repro explain`"
        ) from None


def _read(folder: Path, entry: Mapping[str, Any]) -> Explained:
    own = {name: entry[name] for name in Chosen.__dataclass_fields__ if name != "group"}
    return Explained(
        face=Chosen(**own, group=Group(entry["group"])),
        seen={Task(task): value for task, value in entry["seen"].items()},
        maps=tuple(_read_maps(folder, entry["maps"])),
        agreement={Task(task): value for task, value in entry["agreement"].items()},
        picture=(folder / entry["picture"]).read_bytes(),
    )


def _read_maps(folder: Path, entries: list[dict[str, Any]]) -> Iterator[Map]:
    for entry in entries:
        yield Map(
            task=Task(entry["task"]),
            method=Method(entry["method"]),
            largest=entry["largest"],
            strongest=entry["strongest"],
            picture=(folder / entry["picture"]).read_bytes(),
        )
