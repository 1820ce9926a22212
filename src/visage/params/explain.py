"""`explain`: whose maps are drawn, and how large the square is that covers a face."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from visage.params.section import Count, Section

Side = Annotated[float, Field(gt=0, le=1)]  # of the image's side


class Explain(Section):
    """The faces of each group, and the covering square of occlusion; the part is evaluate's."""

    key: ClassVar[str] = "explain"
    faces: Count
    window: Side
    stride: Side
    seed: Count

    @model_validator(mode="after")
    def _leaves_no_gap(self) -> "Explain":
        if self.stride > self.window:
            raise ValueError(f"stride {self.stride:g} must be at most window ({self.window:g})")
        return self
