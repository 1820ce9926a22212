"""`calibrate`: what is fitted on the calibration part."""

from typing import Annotated, ClassVar

from pydantic import Field

from visage.params.section import Section

OpenShare = Annotated[float, Field(gt=0, lt=1)]


class Calibrate(Section):
    """The nominal coverage of the age interval."""

    key: ClassVar[str] = "calibrate"
    coverage: OpenShare
