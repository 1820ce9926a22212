"""What the model looks at: the maps of the `explain` stage, a sheet a face.

Off by default, and then without a section. The words beside the maps say what a map can't: colours
show where a face counts, never why.
"""

from collections import Counter
from collections.abc import Iterator

from visage.codes import Task
from visage.explain.records import Explained, Explanations, Map, Method
from visage.reporting.blocks import Face, Section, Sheet
from visage.reporting.formats import MISSING, gender_name, number, years
from visage.reporting.worst import picture

METHODS = {Method.GRAD_CAM: "Grad-CAM", Method.OCCLUSION: "occlusion"}
UNITS = {Task.AGE: "years", Task.GENDER: "of the logit"}
LEAD = (
    "Red places raised the age, or spoke for male; blue ones lowered it, or spoke for female. Each "
    "map has its own scale. A map says where a face counts, not why; two methods that disagree say "
    "that even this is not certain."
)


def looks(found: Explanations) -> Section | None:
    """Returns the section, or None where no face was explained."""
    if not found.faces:
        return None
    return Section(
        key="looks",
        title="What the model looks at",
        lead=" ".join(_lead(found)),
        blocks=tuple(_sheets(found)),
    )


def _lead(found: Explanations) -> Iterator[str]:
    yield LEAD
    if found.fields:
        yield f"Grad-CAM has {found.fields[0]} by {found.fields[1]} fields here."
    if found.note:
        yield f"{found.note}."


def _sheets(found: Explanations) -> Iterator[Sheet]:
    counted: Counter[str] = Counter()
    for one in found.faces:
        counted[one.face.group] += 1
        yield Sheet(
            title=f"{one.face.group.capitalize()} {counted[one.face.group]}",
            caption=_told(one),
            faces=tuple(_tiles(one)),
        )


def _told(one: Explained) -> str:
    """Returns label and estimate of each task."""
    face, said = one.face, []
    if face.age_estimate is not None:
        age = number(face.age, decimals=0)
        said.append(f"{age} → {number(face.age_estimate, decimals=1)} years")
    if face.gender_estimate is not None:
        said.append(f"{gender_name(face.gender)} → {gender_name(face.gender_estimate)}")
    return "Label → estimate: " + ", ".join(said) + "."


def _tiles(one: Explained) -> Iterator[Face]:
    id_ = one.face.id
    age = one.seen.get(Task.AGE)
    lines = () if age is None else (f"without other views {years(age, decimals=1)}",)
    yield Face(picture(one.picture), f"Face {id_}", "Photo", lines, id_)
    for made in one.maps:
        yield Face(
            picture=picture(made.picture),
            alt=f"{METHODS[made.method]} of {made.task} on face {id_}: {_place(made)}",
            error=f"{made.task.capitalize()}, {METHODS[made.method]}",
            lines=tuple(_lines(made, one)),
            id=id_,
        )


def _place(made: Map) -> str:
    return f"strongest in the {made.strongest}" if made.strongest else "the same everywhere"


def _lines(made: Map, one: Explained) -> Iterator[str]:
    if made.method is Method.GRAD_CAM:
        value = one.agreement[made.task]
        told = MISSING if value is None else number(value, decimals=2)
        yield f"agreement with occlusion {told}"
    else:
        yield f"at most {number(made.largest, decimals=1)} {UNITS[made.task]}"
