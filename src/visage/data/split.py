"""The four parts: stratified by age bin x gender, near-duplicates together, repeatable.

Groups are dealt one after another, each to the part that lacks most of its share so far. Larger
groups come first, then stratum by stratum in shuffled order, so every stratum and every size of
group is shared out in proportion, and the many single images at the end even out the totals. A
group counts to the stratum of its first member, by id. The order of the rows changes nothing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.data.age_bins import UNKNOWN, age_bins, bin_name
from visage.errors import VisageError
from visage.schema import FEMALE, MALE, Part


class EmptyPartError(VisageError):
    """A part of the split would have no images."""


def assign_parts(
    labelled: pd.DataFrame, *, fractions: Mapping[str, float], age_bin_years: int, seed: int
) -> pd.DataFrame:
    """Returns id and part of each row, in the order of the rows.

    Args:
        labelled: columns id, age, gender, group; ages and genders may be null.
        fractions: the share of images of each `Part`, sum 1.
        age_bin_years: width of the bins of the strata.
        seed: of the shuffling.

    Raises:
        EmptyPartError: there are too few groups for this many parts.
    """
    groups = _groups(labelled, age_bin_years=age_bin_years)
    groups["order"] = np.random.default_rng(seed).permutation(len(groups))
    groups = groups.sort_values(
        ["size", "age_bin", "gender", "order"], ascending=[False, True, True, True]
    )
    parts = [Part(name) for name in fractions]
    dealt = _deal(groups["size"].to_numpy(), np.array(list(fractions.values())))
    part_of_group = pd.Series([parts[number].value for number in dealt], index=groups.index)
    splits = pd.DataFrame({"id": labelled["id"], "part": labelled["group"].map(part_of_group)})
    _check_parts(splits, parts=parts, n_groups=len(groups))
    return splits


def _groups(labelled: pd.DataFrame, *, age_bin_years: int) -> pd.DataFrame:
    """Returns a row a group, in the order of the groups' first ids."""
    rows = labelled.assign(
        age_bin=age_bins(labelled["age"], years=age_bin_years),
        gender=labelled["gender"].fillna(UNKNOWN),
    ).sort_values("id")
    return rows.groupby("group", sort=False).agg(
        size=("id", "size"), age_bin=("age_bin", "first"), gender=("gender", "first")
    )


def _deal(sizes: NDArray[np.int64], shares: NDArray[np.float64]) -> list[int]:
    """Returns for each group, in order, the number of the part that lacks most when it comes."""
    held = np.zeros(len(shares))
    parts = []
    for size, total in zip(sizes, np.cumsum(sizes), strict=True):
        part = int(np.argmax(shares * total - held))
        held[part] += size
        parts.append(part)
    return parts


def _check_parts(splits: pd.DataFrame, *, parts: list[Part], n_groups: int) -> None:
    empty = [part.value for part in parts if not splits["part"].eq(part.value).any()]
    if empty:
        raise EmptyPartError(
            f"split: {', '.join(empty)} would have no images: {len(splits)} labelled images in "
            f"{n_groups} groups are too few for these split.fractions; add images, raise the "
            "part's fraction, or lower ingest.near_duplicate_bits if most images are one group"
        )


def split_metrics(
    labelled: pd.DataFrame, *, splits: pd.DataFrame, age_bin_years: int, seed: int
) -> dict[str, Any]:
    """Returns the counts for metrics/split.json; `splits` holds the rows of `labelled` in order."""
    rows = labelled.assign(part=splits["part"].to_numpy())
    members = {part.value: rows[rows["part"].eq(part.value)] for part in Part}
    return {
        "near_duplicate_pairs_across_parts": pairs_across_parts(rows),
        "seed": seed,
        "parts": {
            name: {"n": len(part), "by_age": _by_age(part, years=age_bin_years)}
            for name, part in members.items()
        },
    }


def _by_age(rows: pd.DataFrame, *, years: int) -> dict[str, dict[str, int]]:
    bins = age_bins(rows["age"], years=years)
    return {
        bin_name(int(number), years=years): {
            name: int((rows["gender"].eq(code) & (bins == number)).sum())
            for name, code in (("female", FEMALE), ("male", MALE))
        }
        for number in np.unique(bins[bins != UNKNOWN])
    }


def pairs_across_parts(rows: pd.DataFrame) -> int:
    """Returns how many pairs of one group stand in different parts; columns group and part."""
    return _n_pairs(rows, by=["group"]) - _n_pairs(rows, by=["group", "part"])


def _n_pairs(rows: pd.DataFrame, *, by: list[str]) -> int:
    sizes = rows.groupby(by).size().to_numpy()
    return int((sizes * (sizes - 1) // 2).sum())
