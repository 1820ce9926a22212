"""`age_max`: the end of the age grid, at the root because ingest and the heads share it."""

from typing import Annotated, ClassVar

from pydantic import Field

from visage.params.section import Scalar


class AgeMax(Scalar[Annotated[int, Field(ge=1, le=150)]]):
    """The largest age in years; ages are estimated on the grid 0, 1, ..., age_max."""

    key: ClassVar[str] = "age_max"
