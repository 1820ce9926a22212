"""Near-duplicates that say different things of one face: at least one of their labels is wrong.

Which one nobody can tell from the table, so a contradicting group is judged as a whole: all its
labelled images are kept, or all are set aside. Groups are chains of pairs, so the two that
contradict need not be each other's nearest. Labels contradict where both are known: genders that
differ, ages whose ranges lie apart; an age that is known exactly is a range of one.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.codes import MALE, Reason
from visage.data.fault import Fault
from visage.data.index import labelled_rows
from visage.data.near_duplicates import kinds, near_duplicate_pairs

SHOWN = 3  # of the images that one contradicts; a group may hold thousands
LABELS: Final = ["age_low", "age_high", "gender"]
NOT_KNOWN: Final = "?"


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Pairs of near-duplicates: all of them, and those whose ages, or genders, contradict."""

    n: int
    ages: int
    genders: int


@dataclass(frozen=True, eq=False)
class Contradictions:
    """The groups found.

    members: their labelled images, columns id, row, group and `LABELS`.
    """

    n_groups: int
    members: pd.DataFrame

    @cached_property
    def faults(self) -> dict[int, Fault]:
        """By row of the source what each of the members contradicts."""
        faults: dict[int, Fault] = {}
        for _, group in self.members.groupby("group"):
            faults |= _faults(group)
        return faults


def contradictions(index: pd.DataFrame, *, years: float) -> Contradictions:
    """Returns the groups whose genders differ, or whose ages do by more than `years`.

    Args:
        index: columns of `schema.INDEX`; unlabelled rows are passed over.
        years: ages of one group may be so far apart, inclusive; ranges are as far apart as their
            nearest ends.
    """
    labelled = labelled_rows(index)[["id", "row", "group", *LABELS]]
    labelled = labelled.astype({"age_low": "float64", "age_high": "float64", "gender": "float64"})
    by_group = labelled.groupby("group")[LABELS]
    least, most = by_group.min(), by_group.max()
    found = most["age_low"] - least["age_high"] > years
    found |= most["gender"] > least["gender"]
    members = labelled[labelled["group"].map(found).astype(bool)]
    return Contradictions(n_groups=int(found.sum()), members=members)


def pair_counts(index: pd.DataFrame, *, years: float, max_bits: int) -> PairCounts:
    """Returns how many near-duplicates there are, and how many of these contradict each other.

    Args:
        index: columns of `schema.INDEX`; where a label is unknown it contradicts nothing.
        years: ages that differ by no more are no contradiction.
        max_bits: images with at most this many different bits of the hash are pairs.
    """
    labels = [index[name].to_numpy(np.float64, na_value=np.nan) for name in LABELS]
    first, sizes = kinds(index["phash"], *labels)
    low, high, gender = (label[first] for label in labels)
    n, ages, genders = int((sizes * (sizes - 1) // 2).sum()), 0, 0
    for one, other in near_duplicate_pairs(index["phash"].iloc[first], max_bits=max_bits):
        pairs = sizes[one] * sizes[other]
        apart = np.maximum(low[one] - high[other], low[other] - high[one])
        n += int(pairs.sum())
        ages += int(pairs[apart > years].sum())
        genders += int(pairs[np.abs(gender[one] - gender[other]) > 0].sum())
    return PairCounts(n=n, ages=ages, genders=genders)


def _faults(group: pd.DataFrame) -> dict[int, Fault]:
    """Returns the fault of each image of a contradicting group, by row; equal labels have one.

    An image that contradicts none itself has those that contradict each other.
    """
    labels = group[LABELS].to_numpy()
    _, first, kind = np.unique(
        np.nan_to_num(labels, nan=-1), axis=0, return_index=True, return_inverse=True
    )
    kind = kind.ravel()
    apart = _apart(labels[first])
    some = np.asarray(apart.any(axis=1, keepdims=True))
    named = np.where(some, apart, some.T)
    values = [_listed(group, np.flatnonzero(others[kind])) for others in named]
    faults = [Fault(Reason.CONTRADICTING, value) for value in values]
    return dict(zip(group["row"].tolist(), (faults[one] for one in kind.tolist()), strict=True))


def _apart(labels: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether one set of labels contradicts another, (K, K); labels: (K, 3) as in `LABELS`."""
    low, high, gender = labels.T
    older = low[:, None] > high
    return np.asarray(older | older.T | (np.abs(gender[:, None] - gender) > 0))


def _listed(group: pd.DataFrame, places: NDArray[np.int64]) -> str:
    """Returns id and labels of the first images at these places, and how many more there are."""
    shown = [
        f"{one.id} ({_years(one)}, {_word(one.gender)})"
        for one in group.iloc[places[:SHOWN]].itertuples()
    ]
    more = [f"{len(places) - SHOWN} more"] if len(places) > SHOWN else []
    return ", ".join(shown + more)


def _years(image: Any) -> str:
    if np.isnan(image.age_low):
        return NOT_KNOWN
    exact = image.age_low == image.age_high
    return f"{image.age_low:g}" if exact else f"{image.age_low:g} to {image.age_high:g}"


def _word(gender: Any) -> str:
    if np.isnan(gender):
        return NOT_KNOWN
    return "male" if gender == MALE else "female"
