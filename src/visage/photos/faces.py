"""What a model says of the faces in photos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from visage.estimates import Estimates
from visage.files.jpeg import Image
from visage.finding.box import Box
from visage.inference.face_model import FaceModel
from visage.photos.crops import Crop, Cut, Cutter

BATCH_SIZE = 64  # faces


@dataclass(frozen=True)
class Face:
    """A face in a photo, and what is said of it; None without the task.

    Attributes:
        box: in the photo's pixels, upright.
        age: years.
        age_low: lower end of the age interval.
        age_high: upper end of the age interval.
        gender: 0 = female, 1 = male.
        gender_probability: of male, calibrated.
        unfamiliar: whether the training had no faces like it; None: the model does not tell.
    """

    box: Box
    age: float | None = None
    age_low: float | None = None
    age_high: float | None = None
    gender: int | None = None
    gender_probability: float | None = None
    unfamiliar: bool | None = None


class FaceReader:
    """Finds the faces in photos and estimates age and gender of each."""

    def __init__(
        self,
        model: FaceModel,
        *,
        crop: str = Crop.FACE,
        margin: float | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> None:
        """Takes a model, what of a photo is a face, and how many faces the model gets at once.

        Raises:
            CropError: the model's margin is not known, or contradicts `margin`.
        """
        self.model = model
        self.batch_size = batch_size
        self.cutter = Cutter.of(model.facts, crop=crop, margin=margin)

    def __call__(self, photos: Sequence[Image]) -> list[list[Face]]:
        """Returns the faces of each upright RGB photo, from left to right."""
        cuts = [self.cutter(photo) for photo in photos]
        faces = iter(self.estimate([cut for each in cuts for cut in each]))
        return [[next(faces) for _ in each] for each in cuts]

    def estimate(self, cuts: Sequence[Cut]) -> list[Face]:
        """Returns what is said of faces that are cut out already."""
        batches = range(0, len(cuts), self.batch_size)
        return [face for at in batches for face in self._batch(cuts[at : at + self.batch_size])]

    def _batch(self, cuts: Sequence[Cut]) -> Iterator[Face]:
        said = self.model(np.stack([cut.pixels for cut in cuts]))
        for row, cut in enumerate(cuts):
            yield _face(cut.box, said, row)


def _face(box: Box, said: Estimates, row: int) -> Face:
    def at(values: np.ndarray | None) -> float | None:
        return None if values is None else float(values[row])

    return Face(
        box=box,
        age=at(said.age),
        age_low=at(said.age_low),
        age_high=at(said.age_high),
        gender=None if said.gender is None else int(said.gender[row]),
        gender_probability=at(said.male_probability),
        unfamiliar=None if said.unfamiliar is None else bool(said.unfamiliar[row]),
    )
