"""`weights`: how often each training image is drawn."""

from typing import ClassVar

from visage.params.section import PositiveInt, Section


class Weights(Section):
    """`scheme` is a module of visage.data.schemes; the width of its age bins is in years."""

    key: ClassVar[str] = "weights"
    scheme: str
    age_bin_years: PositiveInt
