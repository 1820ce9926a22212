"""What of a photo a model sees, and whether it fits what the model has learnt.

A face that is cut out wider or closer than in training costs years of error without a word, so
that the model's own margin is used, and one that contradicts it is refused.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from visage.errors import VisageError
from visage.files.jpeg import Image
from visage.finding.box import Box, whole
from visage.finding.cutting import cut, cut_face, middle_square
from visage.finding.find import DEFAULT_FINDER, Finder, finder
from visage.inference.face_model import ModelFacts
from visage.params.data import LEAST_MARGIN, MOST_MARGIN
from visage.preprocess.resize import RULES, Rule


class CropError(VisageError):
    """Faces can't be cut out as the model needs them."""


class Crop(StrEnum):
    """What of a photo is taken for a face."""

    NONE = "none"  # all of it: the photo is a crop already, like those of training
    CENTER = "center"  # the largest square in its middle
    FACE = "face"  # each face that is found, with the margin of training


@dataclass(frozen=True, eq=False, slots=True)
class Cut:
    """A face as the model sees it.

    Attributes:
        box: in the photo's pixels; what was found, without the margin.
        pixels: (S, S, 3), RGB.
    """

    box: Box
    pixels: Image


@dataclass(frozen=True)
class Cutter:
    """Cuts the faces out of a photo; it can be sent to another process.

    Attributes:
        crop: what is taken for a face.
        size: pixels, of the model's faces.
        rule: how a crop becomes such a square, `letterbox` or `stretch`.
        margin: share of the face's square that is added on each side (finding/cutting.py).
        aligned: whether the eyes are brought to one height.
        finder: the detector; a file of finding/finders.
    """

    crop: Crop
    size: int
    rule: str
    margin: float
    aligned: bool
    finder: str = DEFAULT_FINDER

    @classmethod
    def of(
        cls, facts: ModelFacts, *, crop: str, margin: float | None = None, find: str | None = None
    ) -> "Cutter":
        """Returns what cuts as the model was trained.

        Args:
            facts: of the model.
            crop: a `Crop`.
            margin: what the user says that training's faces had, which then are upright; None:
                nothing is said.
            find: the detector; None: the usual one.

        Raises:
            CropError: the margin is not known, contradicts the model's, or is of no use.
        """
        wanted = Crop(crop)
        _refuse_useless(margin, wanted)
        return cls(
            crop=wanted,
            size=facts.image_size,
            rule=facts.resize,
            margin=_margin(facts, margin) if wanted is Crop.FACE else 0.0,
            aligned=facts.aligned or margin is not None,  # as data.crop_margin has it
            finder=find or DEFAULT_FINDER,
        )

    @property
    def least_side(self) -> int | None:
        """Pixels that a photo's sides must keep if it is read reduced; None: read it in full."""
        return None if self.crop is Crop.FACE else self.size

    def __call__(self, image: Image) -> list[Cut]:
        """Returns the faces of an upright RGB photo, from left to right; there may be none."""
        rule: Rule = partial(RULES[self.rule], size=self.size)
        height, width = image.shape[:2]
        if self.crop is Crop.NONE:
            return [Cut(whole(width, height), rule(image))]
        if self.crop is Crop.CENTER:
            area = middle_square(width, height)
            return [Cut(area, rule(cut(image, area)))]
        found = sorted(self._find(image), key=lambda face: face.box.centre)
        shape = partial(cut_face, margin=self.margin, aligned=self.aligned)
        return [Cut(face.box, rule(shape(image, face))) for face in found]

    @property
    def _find(self) -> Finder:
        return finder(self.finder)


def _refuse_useless(margin: float | None, crop: Crop) -> None:
    if margin is None:
        return
    if crop is not Crop.FACE:
        raise CropError(
            f"--margin has no effect with --crop {crop}, which cuts out no faces; leave it out, or "
            f"say --crop {Crop.FACE}"
        )
    if not LEAST_MARGIN <= margin <= MOST_MARGIN:  # nor is NaN
        raise CropError(f"--margin {margin:g} is not between {LEAST_MARGIN:g} and {MOST_MARGIN:g}")


def _margin(facts: ModelFacts, said: float | None) -> float:
    if facts.margin is None and said is None:
        raise CropError(
            "the model does not know how closely its training faces were cut out, because their "
            "authors did it: give it crops like those of training (--crop none), or say the margin "
            "around the faces (--margin; docs/predicting.md says how to measure it); a wrong one "
            "costs years of error"
        )
    if facts.margin is not None and said is not None and said != facts.margin:
        raise CropError(
            f"--margin {said:g} contradicts the model, which was trained with {facts.margin:g}; "
            "leave the option out"
        )
    margin = said if facts.margin is None else facts.margin
    assert margin is not None
    return margin
