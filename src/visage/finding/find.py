"""Where the faces in a photo are, whichever detector says so.

A detector is a file of `finding/finders` with a function `find`. It stands this low because
`ingest` finds faces too. Faces are cut out by their eyes and mouth (cutting.py) and not by the box,
which every detector draws otherwise, and YuNet smaller where the photo ends close by.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from visage.files.jpeg import Image
from visage.finding.box import Box
from visage.registry import resolve

DEFAULT_FINDER: Final = "yunet"

Point = tuple[float, float]  # x, y, pixels


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A face in a photo.

    Attributes:
        box: about from the hairline to the chin, and from ear to ear.
        eyes: their middles; of an upright face the one further left comes first.
        mouth: its corners, in the same order.
        score: in [0, 1].
    """

    box: Box
    eyes: tuple[Point, Point]
    mouth: tuple[Point, Point]
    score: float


Finder = Callable[[Image], list[FoundFace]]


def finder(name: str = DEFAULT_FINDER) -> Finder:
    """Returns the function that finds faces, the surest first.

    Raises:
        UnknownMemberError: there is no such detector.
    """
    find: Finder = resolve("visage.finding.finders", name, "find", param="data.align")
    return find
