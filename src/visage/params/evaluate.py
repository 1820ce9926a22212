"""`evaluate`: which part is measured, how certain the figures are and how they are cut."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from visage.params.section import Count, PositiveInt, Section


class Evaluate(Section):
    """The part, bootstrap and slices."""

    key: ClassVar[str] = "evaluate"
    part: Literal["test", "validation"]
    resamples: Annotated[int, Field(ge=100)]
    level: Annotated[float, Field(gt=0, lt=1)]
    age_bin_years: PositiveInt
    min_slice: PositiveInt
    seed: Count
