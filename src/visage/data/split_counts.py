"""What a split holds, for metrics/split.json: its parts, and what stands in more than one of them.

Near-duplicates or people in two parts are leaks: the figures then say in part how well faces are
remembered. A split of one's own has none, but for people where `split.by_identity` is false.
"""

from typing import Any

import numpy as np
import pandas as pd

from visage.data.age_bins import UNKNOWN, age_bins, bin_name
from visage.data.components import UNKNOWN_IDENTITY, identities
from visage.params.split import Split
from visage.schema import FEMALE, MALE, Part


def split_metrics(labelled: pd.DataFrame, *, splits: pd.DataFrame, params: Split) -> dict[str, Any]:
    """Returns the counts for metrics/split.json; `splits` holds the rows of `labelled` in order."""
    rows = labelled.assign(part=splits["part"].to_numpy(), person=identities(labelled))
    people = rows[rows["person"] != UNKNOWN_IDENTITY]
    places = people[["person", "part"]].drop_duplicates()
    members = {part.value: rows[rows["part"].eq(part.value)] for part in Part}
    return {
        "method": params.method,
        **_own_section(params),
        "seed": params.seed,
        "by_identity": params.by_identity,
        "near_duplicate_pairs_across_parts": pairs_across_parts(rows, by="group"),
        "n_identities": int(places["person"].nunique()),
        "identities_across_parts": int((places["person"].value_counts() > 1).sum()),
        "identity_pairs_across_parts": pairs_across_parts(people, by="person"),
        "parts": {
            name: _counts(part, years=params.age_bin_years) for name, part in members.items()
        },
    }


def _counts(rows: pd.DataFrame, *, years: int) -> dict[str, Any]:
    return {
        "n": len(rows),
        "n_without_age": int(rows["age"].isna().sum()),
        "n_without_gender": int(rows["gender"].isna().sum()),
        "by_age": _by_age(rows, years=years),
    }


def _own_section(params: Split) -> dict[str, Any]:
    """Returns the parameters that only this method reads, under its name; {} if there are none."""
    section = params.model_dump().get(params.method)
    return {} if section is None else {params.method: section}


def _by_age(rows: pd.DataFrame, *, years: int) -> dict[str, dict[str, int]]:
    bins = age_bins(rows["age"], years=years)
    return {
        bin_name(int(number), years=years): {
            name: int((rows["gender"].eq(code) & (bins == number)).sum())
            for name, code in (("female", FEMALE), ("male", MALE))
        }
        for number in np.unique(bins[bins != UNKNOWN])
    }


def pairs_across_parts(rows: pd.DataFrame, *, by: str) -> int:
    """Returns how many pairs of rows that share column `by` stand in different parts."""
    return _n_pairs(rows, by=[by]) - _n_pairs(rows, by=[by, "part"])


def _n_pairs(rows: pd.DataFrame, *, by: list[str]) -> int:
    sizes = rows.groupby(by).size().to_numpy()
    return int((sizes * (sizes - 1) // 2).sum())
