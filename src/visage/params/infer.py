"""`infer`: the views of test-time augmentation, and the training faces that others are held to."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from visage.params.section import PositiveInt, Section


class Infer(Section):
    """`views` are modules of visage.inference.views; their average is the prediction.

    `known_faces` of the train part stand for what the model has seen; how familiar another face is
    is its likeness to the `nearest` of them.
    """

    key: ClassVar[str] = "infer"
    views: Annotated[tuple[str, ...], Field(min_length=1)]
    batch_size: PositiveInt
    known_faces: PositiveInt
    nearest: PositiveInt

    @model_validator(mode="after")
    def _starts_with_identity(self) -> "Infer":
        if self.views[0] != "identity" or len(set(self.views)) != len(self.views):
            raise ValueError("views must start with identity and name each view once")
        return self

    @model_validator(mode="after")
    def _knows_enough(self) -> "Infer":
        if self.nearest > self.known_faces:
            raise ValueError(
                f"nearest ({self.nearest}) must be at most known_faces ({self.known_faces})"
            )
        return self
