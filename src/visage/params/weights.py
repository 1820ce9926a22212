"""`weights`: how often each training image is drawn."""

from typing import Annotated, ClassVar

from pydantic import Field

from visage.params.section import PositiveInt, Section


class Weights(Section):
    """`scheme` is a module of visage.data.schemes; `max_ratio` caps largest by smallest weight."""

    key: ClassVar[str] = "weights"
    scheme: str
    age_bin_years: PositiveInt
    max_ratio: Annotated[float, Field(ge=1)] | None
