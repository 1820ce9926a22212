"""Near-duplicates that say different things of one face: at least one of their labels is wrong.

Which one nobody can tell from the table, so a contradicting group is judged as a whole: all its
labelled images are kept, or all are set aside. Groups are chains of pairs, so the two that
contradict need not be each other's nearest.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from visage.codes import MALE, Reason
from visage.data.fault import Fault
from visage.data.index import labelled_rows
from visage.data.near_duplicates import near_duplicate_pairs

SHOWN = 3  # of the images that one contradicts; a group may hold thousands


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Pairs of near-duplicates: all of them, and those whose ages, or genders, contradict."""

    n: int
    ages: int
    genders: int


@dataclass(frozen=True, slots=True)
class Contradictions:
    """The groups found, and by row of the source what each of their labelled images contradicts."""

    n_groups: int
    faults: dict[int, Fault]


def contradictions(index: pd.DataFrame, *, years: float) -> Contradictions:
    """Returns the groups whose genders differ, or whose ages do by more than `years`.

    Args:
        index: columns of `schema.INDEX`; unlabelled rows are passed over.
        years: the span from a group's youngest to its oldest that is no contradiction, inclusive.
    """
    labelled = labelled_rows(index).astype({"age": "float64", "gender": "float64"})
    by_group = labelled.groupby("group")[["age", "gender"]]
    spans = by_group.max() - by_group.min()
    found = (spans["age"] > years) | (spans["gender"] > 0)
    members = labelled[labelled["group"].map(found).astype(bool)]
    faults: dict[int, Fault] = {}
    for _, group in members.groupby("group"):
        faults |= _faults(group)
    return Contradictions(n_groups=int(found.sum()), faults=faults)


def pair_counts(index: pd.DataFrame, *, years: float, max_bits: int) -> PairCounts:
    """Returns how many near-duplicates there are, and how many of these contradict each other.

    Args:
        index: columns of `schema.INDEX`; where a label is unknown it contradicts nothing.
        years: ages that differ by no more are no contradiction.
        max_bits: images with at most this many different bits of the hash are pairs.
    """
    age, gender = (index[name].to_numpy(np.float64, na_value=np.nan) for name in ("age", "gender"))
    n = ages = genders = 0
    for one, other in near_duplicate_pairs(index["phash"], max_bits=max_bits):
        n += len(one)
        ages += int(np.count_nonzero(np.abs(age[one] - age[other]) > years))
        genders += int(np.count_nonzero(np.abs(gender[one] - gender[other]) > 0))
    return PairCounts(n=n, ages=ages, genders=genders)


def _faults(group: pd.DataFrame) -> dict[int, Fault]:
    """Returns the fault of each image of a contradicting group, by row."""
    values = [_others(group, one) for one in group.itertuples()]
    rows = group["row"].tolist()
    return {
        row: Fault(Reason.CONTRADICTING, value) for row, value in zip(rows, values, strict=True)
    }


def _others(group: pd.DataFrame, one: Any) -> str:
    """Returns id and labels of the first images in the group with other labels than `one`."""
    others = group[group["age"].ne(one.age) | group["gender"].ne(one.gender)]
    shown = [
        f"{other.id} ({other.age:g}, {'male' if other.gender == MALE else 'female'})"
        for other in others.head(SHOWN).itertuples()
    ]
    more = [f"{len(others) - SHOWN} more"] if len(others) > SHOWN else []
    return ", ".join(shown + more)
