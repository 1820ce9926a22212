"""`split`: the four parts; its seed is apart from the training seed."""

import math
from typing import ClassVar

from pydantic import model_validator

from visage.params.section import Count, Nested, PositiveInt, Section, Share


class Fractions(Nested):
    """Shares of the labelled images."""

    train: Share
    validation: Share
    calibration: Share
    test: Share

    @model_validator(mode="after")
    def _complete(self) -> "Fractions":
        shares = self.model_dump()
        total = math.fsum(shares.values())
        if not math.isclose(total, 1, abs_tol=1e-9):
            raise ValueError(f"sum to {total:g}, must sum to 1")
        empty = [name for name, share in shares.items() if share == 0]
        if empty:
            raise ValueError(f"{', '.join(empty)} would be empty; each part needs a share above 0")
        return self


class Split(Section):
    """Shares, the width of the age bins used for stratification, and the seed."""

    key: ClassVar[str] = "split"
    fractions: Fractions
    age_bin_years: PositiveInt
    seed: Count
