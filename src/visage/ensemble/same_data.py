"""Only models of the same images, labels, views and tasks are averaged.

Every part must agree: an image that fits the threshold of one member may have trained another,
and then the ensemble would be judged on what it knows. Training parts may differ.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.ensemble.asked import AskedError
from visage.ensemble.member import Member
from visage.errors import VisageError
from visage.records import flat_params
from visage.sweep.same_test import changed_data


class OtherDataError(VisageError):
    """Members were not made for the same images."""


def refuse_other_data(members: Sequence[Member]) -> None:
    """Makes sure that all members have the first one's images, labels, views and tasks.

    Raises:
        OtherDataError: saying how the first other one differs.
    """
    first = members[0]
    for other in members[1:]:
        faults = [*_data_faults(first, other), *_model_faults(first, other)]
        if faults:
            raise OtherDataError(
                f"{first.name} and {other.name} can't be averaged: {'; '.join(faults)}. Members "
                "need the same data, split, views and tasks, e.g. `dvc exp run` from one commit"
            )


def refuse_twins(members: Sequence[Member]) -> None:
    """Makes sure that no model is a member twice, under whatever names.

    Raises:
        AskedError: naming both.
    """
    for a, b in combinations(members, 2):
        hashes = [str(member.origin.get("model_sha256", "")) for member in (a, b)]
        if hashes[0] and hashes[0] == hashes[1]:
            raise AskedError(
                f"{a.name} and {b.name} are the same model, by its hash; leave one out, or say "
                "with --weights that it weighs more"
            )


def _data_faults(a: Member, b: Member) -> list[str]:
    faults = [f for part in a.tables for f in _part_faults(part, a.tables[part], b.tables[part])]
    if faults:
        told = [{p.name: p.value for p in flat_params(member.params)} for member in (a, b)]
        faults.append(changed_data(told[0], told[1]))
    return faults


def _part_faults(part: str, a: pd.DataFrame, b: pd.DataFrame) -> Iterator[str]:
    left, right = (table.drop_duplicates("id").set_index("id") for table in (a, b))
    alone = len(left.index.symmetric_difference(right.index))
    if alone:
        yield f"{alone} images of the part {part} are in that of one of them only"
    both = left.index.intersection(right.index)
    left, right = left.loc[both], right.loc[both]
    ages, genders = (_differ(left[name], right[name]) for name in ("age", "gender"))
    relabelled = np.count_nonzero(ages | genders)
    if relabelled:
        yield f"{relabelled} images of the part {part} have other labels"
    groups = [pd.factorize(table["group"])[0] for table in (left, right)]
    if not np.array_equal(groups[0], groups[1]):
        yield f"near-duplicates of the part {part} are grouped differently"


def _differ(a: "pd.Series[float]", b: "pd.Series[float]") -> NDArray[np.bool_]:
    first, second = (column.to_numpy(dtype=np.float64, na_value=np.nan) for column in (a, b))
    return ~np.isclose(first, second, rtol=0, atol=1e-6, equal_nan=True)


def _model_faults(a: Member, b: Member) -> Iterator[str]:
    tasks = [" and ".join(member.decision.tasks) for member in (a, b)]
    if tasks[0] != tasks[1]:
        yield f"they estimate {tasks[0]}, and {tasks[1]}"
    views = [", ".join(sorted(set(_rows(member)["view"]))) for member in (a, b)]
    if views[0] != views[1]:
        yield f"they saw the views {views[0]}, and {views[1]} (infer.views)"
    ages = [_age_max(member) for member in (a, b)]
    if tasks[0] == tasks[1] and ages[0] != ages[1]:
        yield f"their ages end at {ages[0]} and at {ages[1]} years (age_max)"


def _rows(member: Member) -> pd.DataFrame:
    """Returns the predictions of the calibration part, which no finished state is without."""
    return member.tables["calibration"]


def _age_max(member: Member) -> int:
    posterior = _rows(member)["posterior"].dropna()
    return len(posterior.iloc[0]) - 1 if len(posterior) else 0
