"""Deals images to parts: stratified by age bin x gender, components whole, repeatable.

Components are dealt one after another, each to the part that lacks most of its share so far. Larger
ones come first, then stratum by stratum in shuffled order, so every stratum and every size of
component is shared out in proportion, and the many single images at the end even out the totals. A
component counts to the stratum of its first member, by id. A missing label makes a stratum of its
own. The order of the rows changes nothing.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.data.age_bins import UNKNOWN, age_bins
from visage.errors import VisageError


class EmptyPartError(VisageError):
    """A part of the split that should have images would have none."""


def deal(
    rows: pd.DataFrame, *, shares: Mapping[str, float], age_bin_years: int, seed: int, param: str
) -> "pd.Series[str]":
    """Returns the name of each row's part, under the index of `rows`, which is unique.

    Args:
        rows: columns id, age, gender, component; ages and genders may be null.
        shares: of the images, by part, sum 1; a part whose share is 0 is not made.
        age_bin_years: width of the bins of the strata.
        seed: of the shuffling.
        param: to which the shares are due, for the message.

    Raises:
        EmptyPartError: there are too few components for this many parts.
    """
    wanted = {name: share for name, share in shares.items() if share > 0}
    dealt = _components(rows, age_bin_years=age_bin_years)
    dealt["order"] = np.random.default_rng(seed).permutation(len(dealt))
    dealt = dealt.sort_values(
        ["size", "age_bin", "gender", "order"], ascending=[False, True, True, True]
    )
    numbers = _numbers(dealt["size"].to_numpy(), np.array(list(wanted.values())))
    names = np.array(list(wanted), dtype=object)[numbers]
    parts: pd.Series[str] = rows["component"].map(pd.Series(names, index=dealt.index))
    empty = [name for name in wanted if not parts.eq(name).any()]
    if empty:
        raise _empty(empty, n=len(rows), n_components=len(dealt), param=param)
    return parts


def _components(rows: pd.DataFrame, *, age_bin_years: int) -> pd.DataFrame:
    """Returns a row a component, in the order of the components' first ids."""
    strata = rows.assign(
        age_bin=age_bins(rows["age"], years=age_bin_years),
        gender=rows["gender"].fillna(UNKNOWN),
    ).sort_values("id")
    return strata.groupby("component", sort=False).agg(
        size=("id", "size"), age_bin=("age_bin", "first"), gender=("gender", "first")
    )


def _numbers(sizes: NDArray[np.int64], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Returns for each component, in order, the number of the part that lacks most by then."""
    held = np.zeros(len(shares))
    numbers = np.zeros(len(sizes), np.int64)
    for row, (size, total) in enumerate(zip(sizes, np.cumsum(sizes), strict=True)):
        numbers[row] = np.argmax(shares * total - held)
        held[numbers[row]] += size
    return numbers


def _empty(empty: list[str], *, n: int, n_components: int, param: str) -> EmptyPartError:
    return EmptyPartError(
        f"split: {', '.join(empty)} would have no images: {n} labelled images in {n_components} "
        f"groups are too few for these {param}; add images, change {param}, or, if most images "
        "are one group, lower ingest.near_duplicate_bits or set split.by_identity: false"
    )
