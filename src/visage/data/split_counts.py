"""What a split holds: its parts, what stands in more than one of them, and who is in each.

Near-duplicates or people in two parts are leaks: the figures then say in part how well faces are
remembered. A split of one's own has none, but for people where `split.by_identity` is false. To
show that, pairs of near-duplicates are searched here once more by the images' hashes: counted by
the groups that the split has kept together they would be none whatever had gone wrong. The counts
by age and gender are no metric of DVC: a column each would drown its table of experiments.
"""

from typing import Any

import numpy as np
import pandas as pd

from visage.codes import FEMALE, MALE, Part
from visage.data.age_bins import NOT_KNOWN, UNKNOWN, age_bins, bin_name
from visage.data.components import UNKNOWN_IDENTITY, identities
from visage.data.near_duplicates import n_pairs_across
from visage.params.split import Split


def split_metrics(
    labelled: pd.DataFrame, *, splits: pd.DataFrame, params: Split, max_bits: int
) -> dict[str, Any]:
    """Returns the counts for metrics/split.json.

    Args:
        labelled: columns of `schema.INDEX`.
        splits: the rows of `labelled` in order.
        params: by which they were split.
        max_bits: images with at most this many different bits of the hash are near-duplicates.
    """
    rows = labelled.assign(part=splits["part"].to_numpy(), person=identities(labelled))
    people = rows[rows["person"] != UNKNOWN_IDENTITY]
    places = people[["person", "part"]].drop_duplicates()
    members = {part.value: rows[rows["part"].eq(part.value)] for part in Part}
    return {
        "method": params.method,
        **_own_section(params),
        "split_seed": params.seed,
        "by_identity": params.by_identity,
        "near_duplicate_pairs_across_parts": n_pairs_across(
            rows["phash"], rows["part"], max_bits=max_bits
        ),
        "identities": int(places["person"].nunique()),
        "identities_across_parts": int((places["person"].value_counts() > 1).sum()),
        "identity_pairs_across_parts": pairs_across_parts(people, by="person"),
        "parts": {name: _counts(part) for name, part in members.items()},
    }


def age_counts(
    labelled: pd.DataFrame, *, splits: pd.DataFrame, years: int
) -> dict[str, dict[str, dict[str, int]]]:
    """Returns how many women and men each part has, by age bin, for metrics/split_counts.json.

    Args:
        labelled: columns age and gender, which may be null.
        splits: the rows of `labelled` in order.
        years: the width of a bin.
    """
    parts = splits["part"].to_numpy()
    return {part.value: _by_age(labelled[parts == part.value], years=years) for part in Part}


def _counts(rows: pd.DataFrame) -> dict[str, int]:
    return {
        "n": len(rows),
        "n_without_age": int(rows["age"].isna().sum()),
        "n_without_gender": int(rows["gender"].isna().sum()),
    }


def _own_section(params: Split) -> dict[str, Any]:
    """Returns the parameters that only this method reads, under its name; {} if there are none."""
    section = params.model_dump().get(params.method)
    return {} if section is None else {params.method: section}


def _by_age(rows: pd.DataFrame, *, years: int) -> dict[str, dict[str, int]]:
    """Returns the genders of each age bin; "unknown" stands only where there are any."""
    bins = age_bins(rows["age"], years=years)
    known = np.unique(bins[bins != UNKNOWN])
    named = {bin_name(int(number), years=years): bins == number for number in known}
    if (bins == UNKNOWN).any():
        named[NOT_KNOWN] = bins == UNKNOWN
    return {name: _by_gender(rows.loc[inside, "gender"]) for name, inside in named.items()}


def _by_gender(genders: "pd.Series[int]") -> dict[str, int]:
    counts = {"female": int(genders.eq(FEMALE).sum()), "male": int(genders.eq(MALE).sum())}
    n_unknown = int(genders.isna().sum())
    return {**counts, NOT_KNOWN: n_unknown} if n_unknown else counts


def pairs_across_parts(rows: pd.DataFrame, *, by: str) -> int:
    """Returns how many pairs of rows that share column `by` stand in different parts."""
    return _n_pairs(rows, by=[by]) - _n_pairs(rows, by=[by, "part"])


def _n_pairs(rows: pd.DataFrame, *, by: list[str]) -> int:
    sizes = rows.groupby(by).size().to_numpy()
    return int((sizes * (sizes - 1) // 2).sum())
