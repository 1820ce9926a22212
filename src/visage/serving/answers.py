"""What the server answers, as its OpenAPI description tells it.

The names are those of the columns that `visage predict` writes.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from visage.codes import Task
from visage.photos.faces import Face
from visage.serving.desk import Seen


class Answer(BaseModel):
    """What all answers have in common: complete, and fixed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FaceAnswer(Answer):
    """One face; what the model has not learnt is null."""

    x0: Annotated[float, Field(description="Left edge, pixels of the upright photo.")]
    y0: Annotated[float, Field(description="Upper edge.")]
    x1: Annotated[float, Field(description="Right edge.")]
    y1: Annotated[float, Field(description="Lower edge.")]
    age: Annotated[float | None, Field(description="Estimated age in years.")]
    age_low: Annotated[float | None, Field(description="Lower end of the age interval.")]
    age_high: Annotated[float | None, Field(description="Upper end of the age interval.")]
    gender: Annotated[int | None, Field(ge=0, le=1, description="0 = female, 1 = male.")]
    gender_probability: Annotated[
        float | None, Field(ge=0, le=1, description="Calibrated probability of male.")
    ]
    unfamiliar: Annotated[
        bool | None,
        Field(description="The training had no faces like it; null: the model does not tell."),
    ]


class PhotoAnswer(Answer):
    """The faces of one photo; the list may be empty."""

    width: Annotated[int, Field(description="Pixels of the photo as it is displayed, upright.")]
    height: Annotated[int, Field(description="Pixels.")]
    faces: list[FaceAnswer]


class ModelAnswer(Answer):
    """The model that answers."""

    tasks: list[Task]
    image_size: Annotated[int, Field(description="Pixels of the square faces that it sees.")]
    age_max: Annotated[int, Field(description="Years; it never says more.")]
    age_coverage: Annotated[
        float | None, Field(description="Share of ages that the interval promises to hold.")
    ]
    gender_threshold: Annotated[
        float | None, Field(description="Probability of male from which on it says 1.")
    ]
    sha256: Annotated[str, Field(description="Of the model's file.")]


class AboutAnswer(Answer):
    """What a client should know before it sends a photo."""

    version: Annotated[str, Field(description="Of visage.")]
    model: ModelAnswer
    max_bytes: Annotated[int, Field(description="Of a request's body.")]
    max_pixels: Annotated[int, Field(description="Of a photo.")]
    needs_key: Annotated[bool, Field(description="Whether photos need an API key.")]


class StateAnswer(Answer):
    """Whether the server is well."""

    status: str


class ErrorAnswer(Answer):
    """What is wrong, and what to do."""

    detail: str


def photo_answer(seen: Seen) -> PhotoAnswer:
    """Returns the faces in the words of the interface."""
    return PhotoAnswer(
        width=seen.width, height=seen.height, faces=[_face(face) for face in seen.faces]
    )


def _face(face: Face) -> FaceAnswer:
    box = face.box
    return FaceAnswer(
        x0=box.x0,
        y0=box.y0,
        x1=box.x1,
        y1=box.y1,
        age=face.age,
        age_low=face.age_low,
        age_high=face.age_high,
        gender=face.gender,
        gender_probability=face.gender_probability,
        unfamiliar=face.unfamiliar,
    )
