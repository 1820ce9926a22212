"""`seed`: of initial weights, order and augmentation; the split has its own."""

from typing import ClassVar

from visage.params.section import Count, Scalar


class Seed(Scalar[Count]):
    """The training seed."""

    key: ClassVar[str] = "seed"
