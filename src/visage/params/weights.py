"""`weights`: how often each training image is drawn."""

from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from visage.params.section import Nested, PositiveFloat, PositiveInt, Section


class Lds(Nested):
    """Label distribution smoothing: the Gaussian kernel and the power of the yearly counts."""

    kernel_years: PositiveInt
    sigma_years: PositiveFloat
    power: Annotated[float, Field(gt=0, le=1)]

    @field_validator("kernel_years")
    @classmethod
    def _has_a_centre(cls, years: int) -> int:
        if years % 2 == 0:
            raise ValueError("must be odd, or the kernel has no centre")
        return years


class Weights(Section):
    """`scheme` is a module of visage.data.schemes; `max_ratio` caps largest by smallest weight."""

    key: ClassVar[str] = "weights"
    scheme: str
    age_bin_years: PositiveInt
    max_ratio: Annotated[float, Field(ge=1)] | None
    lds: Lds
