"""What a data set holds, in numbers that a page can show: sources, genders, sizes, groups.

All of it is read off the index (`schema.INDEX`), so that the check of a raw data set and the report
of a finished run say the same of the same images.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from visage.codes import FEMALE, MALE
from visage.data.index import labelled_rows

QUANTILES = (0.0, 0.05, 0.5, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class SourceCount:
    """Images of one source; `no_gender`: labelled, but without a gender."""

    source: str
    female: int
    male: int
    no_gender: int
    no_age: int
    unlabelled: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of the shorter sides, pixels: the `QUANTILES`; and the most frequent width and height."""

    quantiles: tuple[int, ...]
    commonest: tuple[int, int]
    n_commonest: int


@dataclass(frozen=True, slots=True)
class Group:
    """Near-duplicates of each other, by their rows in the index.

    Attributes:
        rows: positions in the index, in its order.
        years: between their two ages that are furthest apart; 0 with fewer than two. Ranges are as
            far apart as their nearest ends.
        genders: how many different ones they have.
        same_file: whether all of them are one file.
    """

    rows: tuple[int, ...]
    years: float
    genders: int
    same_file: bool


def source_counts(index: pd.DataFrame) -> tuple[SourceCount, ...]:
    """Returns the counts of each source, by name."""
    return tuple(_source_count(str(name), rows) for name, rows in index.groupby("source"))


def sizes(index: pd.DataFrame) -> Sizes | None:
    """Returns the sizes of the originals; None without images."""
    if index.empty:
        return None
    sides = index[["width", "height"]].min(axis=1).to_numpy(np.float64)
    both = index[["width", "height"]].value_counts(sort=False)
    commonest: Any = both.idxmax()  # of the equally frequent the smallest: they are in order
    width, height = commonest
    return Sizes(
        quantiles=tuple(int(side) for side in np.quantile(sides, QUANTILES, method="lower")),
        commonest=(int(width), int(height)),
        n_commonest=int(both.max()),
    )


def near_duplicates(index: pd.DataFrame) -> list[Group]:
    """Returns the groups of two images and more, those whose labels differ most first."""
    positions = np.arange(len(index))
    several = index["group"].duplicated(keep=False).to_numpy()
    members = pd.Series(positions[several]).groupby(index["group"].to_numpy()[several])
    groups = [_group(index, rows) for _, rows in members]
    return sorted(groups, key=lambda one: (-one.genders, -one.years, one.rows))


def _source_count(name: str, rows: pd.DataFrame) -> SourceCount:
    labelled = labelled_rows(rows)
    return SourceCount(
        source=name,
        female=int(labelled["gender"].eq(FEMALE).sum()),
        male=int(labelled["gender"].eq(MALE).sum()),
        no_gender=int(labelled["gender"].isna().sum()),
        no_age=int(labelled["age"].isna().sum()),
        unlabelled=len(rows) - len(labelled),
    )


def _group(index: pd.DataFrame, rows: Iterable[int]) -> Group:
    members = index.iloc[list(rows)]
    apart = members["age_low"].max() - members["age_high"].min()
    return Group(
        rows=tuple(rows),
        years=0.0 if pd.isna(apart) else max(0.0, float(apart)),
        genders=int(members["gender"].nunique()),
        same_file=not members["sha256"].ne(members["sha256"].iloc[0]).any(),
    )
