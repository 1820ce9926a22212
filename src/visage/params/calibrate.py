"""`calibrate`: what is fitted on the calibration part."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from visage.params.section import PositiveInt, Section

OpenShare = Annotated[float, Field(gt=0, lt=1)]


class Calibrate(Section):
    """What age intervals promise; `coverage`, the one that is shown, is among `coverages`.

    `unfamiliar` is the share of faces like the calibration part's that may be called unfamiliar;
    None: none is.
    """

    key: ClassVar[str] = "calibrate"
    coverage: OpenShare
    coverages: Annotated[tuple[OpenShare, ...], Field(min_length=1)]
    min_group: PositiveInt
    unfamiliar: OpenShare | None

    @model_validator(mode="after")
    def _fits(self) -> "Calibrate":
        if list(self.coverages) != sorted(set(self.coverages)):
            raise ValueError("coverages must rise, each of them once")
        if self.coverage not in self.coverages:
            raise ValueError(f"coverage {self.coverage:g} must be one of coverages")
        return self
