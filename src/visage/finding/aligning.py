"""How `ingest` stores an image: as it is, or the one face in it that its labels mean."""

from dataclasses import dataclass

from visage.data.images import Form
from visage.files.jpeg import Image
from visage.finding.cutting import cut_face
from visage.finding.find import FoundFace, finder
from visage.params.data import Data
from visage.params.ingest import Ingest
from visage.preprocess.resize import PLACES, RULES


@dataclass(frozen=True)
class Aligner:
    """Cuts the largest face out of a photo, upright; it can be sent to another process.

    Attributes:
        finder: the detector; a file of finding/finders.
        margin: share of the face's square that is added on each side.
    """

    finder: str
    margin: float

    def __call__(self, image: Image) -> Image | None:
        """Returns the face's square in the photo's own resolution, or None: no face is found."""
        found = finder(self.finder)(image)
        if not found:
            return None
        return cut_face(image, max(found, key=_area), margin=self.margin, aligned=True)


def stored_form(params: Ingest, data: Data) -> Form:
    """Returns the form in which images are stored.

    Raises:
        UnknownMemberError: there is no such detector.
    """
    return Form(
        RULES[params.resize],
        size=params.store_size,
        jpeg_quality=params.jpeg_quality,
        align=aligner(data.align, margin=data.crop_margin),
        place=PLACES[params.resize],
    )


def aligner(name: str | None, *, margin: float | None) -> Aligner | None:
    """Returns what cuts faces out with the detector `name`, or None without one.

    Raises:
        UnknownMemberError: there is no such detector.
    """
    if name is None:
        return None
    assert margin is not None, "params.data asks for it"
    finder(name)  # a wrong name is found before the first image
    return Aligner(name, margin)


def _area(face: FoundFace) -> float:
    return face.box.width * face.box.height
