"""The sheets of the worst errors: the largest in years, and the surest among the wrong genders.

Beside them are the faces that are least like the training's, wherever the model tells such.

A mislabelled face, a crop without a face and a group that the model serves badly are seen here
sooner than in any average. Ties go by id, so that the sheet is the same each time.
"""

import base64
from collections.abc import Callable, Iterable, Sequence
from math import nan

import cv2
import numpy as np

from visage.codes import MALE
from visage.estimates import Estimates, Floats, Labels
from visage.files.faces import FaceStore
from visage.files.jpeg import decode, encode
from visage.reporting.blocks import Face, Section, Sheet
from visage.reporting.formats import gender_name, number, percent, years
from visage.reporting.inputs import Inputs
from visage.reporting.orders import BY_AGE, by_age

THUMBNAIL_PIXELS = 128  # a hundred faces stay below one megabyte
_JPEG_QUALITY = 85
Told = Callable[[Inputs, int], str]  # why a row is shown
_BY_ERROR = ("Looks too old first", "Looks too young first")


def worst_errors(inputs: Inputs, *, faces: FaceStore, n: int) -> Section | None:
    """Returns the section with `n` faces in all, or None where there is none to show.

    With both tasks, half of them are gender errors, if there are so many. Up to half as many again
    are the least familiar ones.
    """
    labels, estimates = inputs.labels, inputs.estimates
    room = n if estimates.age is None else n // 2
    genders = worst_genders(labels, estimates)[:room]
    ages = worst_ages(labels, estimates)[: n - len(genders)]
    chosen: dict[str, tuple[list[int], Told]] = {
        "Largest age errors": (ages, _age_error),
        "Surest gender errors": (genders, _gender_error),
        "Least like the training faces": (least_familiar(labels, estimates)[: n // 2], _likeness),
    }
    sheets = tuple(
        Sheet(
            title=title,
            caption="Label → estimate.",
            faces=tuple(_face(inputs, row, faces=faces, told=told) for row in rows),
            orders=(*BY_AGE, *_BY_ERROR) if inputs.estimates.age is not None else BY_AGE,
        )
        for title, (rows, told) in chosen.items()
        if rows
    )
    return Section(key="worst", title="Worst errors", blocks=sheets) if sheets else None


def worst_ages(labels: Labels, estimates: Estimates) -> list[int]:
    """Returns the rows by absolute age error, largest first."""
    if estimates.age is None:
        return []
    error = np.abs(estimates.age - labels.age)
    known = np.flatnonzero(labels.has_age).tolist()
    return _largest_first(known, error, labels.id.tolist())


def worst_genders(labels: Labels, estimates: Estimates) -> list[int]:
    """Returns the rows with a wrong gender, the surest of them first."""
    if estimates.gender is None:
        return []
    wrong = np.flatnonzero(labels.has_gender & (estimates.gender != labels.gender)).tolist()
    return _largest_first(wrong, _sureness(estimates), labels.id.tolist())


def least_familiar(labels: Labels, estimates: Estimates) -> list[int]:
    """Returns the rows by familiarity, the least familiar first; none where nothing is told."""
    if estimates.unfamiliar is None:
        return []
    assert estimates.familiarity is not None
    rows = range(len(labels.id))
    return _largest_first(rows, -estimates.familiarity, labels.id.tolist())


def _largest_first(rows: Iterable[int], values: Floats, ids: Sequence[str]) -> list[int]:
    return sorted(rows, key=lambda row: (-values[row], ids[row]))


def _sureness(estimates: Estimates) -> Floats:
    """Returns the probability of the gender that is told; a threshold other than 0.5 lowers it."""
    assert estimates.male_probability is not None, "a gender comes with its probability"
    male = estimates.male_probability
    return np.where(estimates.gender == MALE, male, 1 - male)


def _face(inputs: Inputs, row: int, *, faces: FaceStore, told: Told) -> Face:
    id_ = str(inputs.labels.id[row])
    error = told(inputs, row)
    return Face(
        picture=picture(faces.read(id_)),
        alt=f"Face {id_}, {error}",
        error=error,
        lines=tuple(_lines(inputs.labels, inputs.estimates, row)),
        id=id_,
        age=_age(inputs.labels, row),
        gender=gender_name(inputs.labels.gender[row]) if inputs.labels.has_gender[row] else "",
        ranks=_ranks(inputs, row),
    )


def _age(labels: Labels, row: int) -> float | None:
    return float(labels.age[row]) if labels.has_age[row] else None


def _ranks(inputs: Inputs, row: int) -> tuple[float, ...]:
    age, estimate = _age(inputs.labels, row), inputs.estimates.age
    if estimate is None:
        return by_age(age)
    error = nan if age is None else round(float(estimate[row]) - age, 2)
    return (*by_age(age), error, -error)


def _age_error(inputs: Inputs, row: int) -> str:
    assert inputs.estimates.age is not None
    return years(inputs.estimates.age[row] - inputs.labels.age[row], decimals=1, signed=True)


def _gender_error(inputs: Inputs, row: int) -> str:
    return f"{percent(_sureness(inputs.estimates)[row], decimals=0)} sure"


def _likeness(inputs: Inputs, row: int) -> str:
    estimates = inputs.estimates
    assert estimates.familiarity is not None
    assert estimates.unfamiliar is not None
    mark = ", unfamiliar" if estimates.unfamiliar[row] else ""
    return f"familiarity {number(float(estimates.familiarity[row]), decimals=3)}{mark}"


def _lines(labels: Labels, estimates: Estimates, row: int) -> Iterable[str]:
    if estimates.age is not None:
        true, told = _age(labels, row), estimates.age[row]
        yield f"{number(true, decimals=0)} → {number(told, decimals=1)} years"
    if estimates.gender is not None:
        code = labels.gender[row] if labels.has_gender[row] else None
        names = [gender_name(code), gender_name(estimates.gender[row])]
        yield " → ".join(dict.fromkeys(names))


def picture(content: bytes) -> str:
    """Returns a face of the store as a data address, no larger than THUMBNAIL_PIXELS."""
    image = decode(content)
    if max(image.shape[:2]) > THUMBNAIL_PIXELS:
        size = (THUMBNAIL_PIXELS, THUMBNAIL_PIXELS)  # the store's images are square
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        content = encode(small, jpeg_quality=_JPEG_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
