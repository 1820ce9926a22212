"""`split`: which labelled image is in which part; its seed is apart from the training seed."""

import math
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from visage.params.section import Count, Nested, PositiveInt, Section, Share


class Fractions(Nested):
    """Shares of the labelled images; a refit on all of them has no validation or test part."""

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
        empty = [name for name in ("train", "calibration") if shares[name] == 0]
        if empty:
            raise ValueError(f"{', '.join(empty)} would be empty; only validation and test may be")
        return self


class Kfold(Nested):
    """The number of folds, and which of them, from 0, is the test part."""

    folds: Annotated[int, Field(ge=2)]
    fold: Count

    @model_validator(mode="after")
    def _is_one_of_them(self) -> "Kfold":
        if self.fold >= self.folds:
            raise ValueError(f"there is no fold {self.fold}; the {self.folds} count from 0")
        return self


class Split(Section):
    """`method` is a module of visage.data.splits; `age_bin_years` is the strata's width."""

    key: ClassVar[str] = "split"
    method: str
    fractions: Fractions
    by_identity: bool
    kfold: Kfold
    age_bin_years: PositiveInt
    seed: Count
