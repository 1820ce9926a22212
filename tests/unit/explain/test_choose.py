import numpy as np
import pandas as pd
import pytest

from visage.codes import Task
from visage.estimates import Estimates, Labels
from visage.explain.choose import choose, errors, grouped
from visage.explain.records import Group
from visage.posterior.decision import AgeIntervals, AgeLevel, Baseline, Decision

ERRORS = np.array([4.0, 9.0, np.nan, 1.0, 9.0, 2.0, 5.0, 6.0])
IDS = list("hgfedcba")


def groups(n: int, seed: int = 0) -> dict[Group, list[str]]:
    found: dict[Group, list[str]] = {}
    for group, row in grouped(IDS, ERRORS, n=n, seed=seed):
        found.setdefault(group, []).append(IDS[row])
    return found


def test_the_worst_and_the_best_come_from_the_extreme_inwards_and_ties_by_id() -> None:
    found = groups(2)
    assert found[Group.WORST] == ["d", "g"]
    assert found[Group.BEST] == ["e", "c"]


def test_no_face_is_in_two_groups_and_none_without_a_label() -> None:
    found = groups(3)
    chosen = [id_ for ids in found.values() for id_ in ids]
    assert len(found[Group.RANDOM]) == 1
    assert sorted(chosen) == sorted(set(IDS) - {"f"})


def test_random_faces_follow_the_seed_and_no_order_of_rows() -> None:
    many, found = [f"{row:02d}" for row in range(30)], np.arange(30.0)

    def drawn(names: list[str], values: np.ndarray, seed: int) -> list[str]:
        rows = grouped(names, values, n=3, seed=seed)
        return [names[row] for group, row in rows if group is Group.RANDOM]

    first = drawn(many, found, 1)
    assert drawn(many[::-1], found[::-1], 1) == first
    assert drawn(many, found, 2) != first


def test_without_an_age_the_error_is_the_wrong_genders_probability() -> None:
    labels = Labels(
        np.array(["a", "b", "c"], dtype=object),
        np.full(3, np.nan),
        np.array([1, 0, -1]),
        np.arange(3),
    )
    found = errors(labels, Estimates(male_probability=np.array([0.9, 0.7, 0.5])))
    assert found == pytest.approx([0.1, 0.7, np.nan], nan_ok=True)


def predictions() -> pd.DataFrame:
    posterior = np.eye(101, dtype=np.float32)
    rows = [
        {"id": id_, "view": view, "age": age, "gender": 1, "group": age}
        | {"posterior": posterior[30], "gender_probability": 0.8}
        for id_, age in (("near", 31), ("far", 70), ("there", 30))
        for view in ("identity", "hflip")
    ]
    return pd.DataFrame(rows)


def decision() -> Decision:
    intervals = AgeIntervals((), (AgeLevel(0.9, (2.0,), 2.0),), shown=0)
    return Decision((Task.AGE, Task.GENDER), 20, 0.5, 1.0, intervals, Baseline(30.0, 1))


def test_chosen_faces_carry_label_and_estimate() -> None:
    found = choose(predictions(), decision(), n=1, seed=0)
    assert [(face.group, face.id) for face in found] == [
        (Group.WORST, "far"),
        (Group.BEST, "there"),
        (Group.RANDOM, "near"),
    ]
    assert (found[0].age, found[0].age_estimate) == (70.0, 30.0)
    assert (found[0].gender, found[0].gender_estimate) == (1, 1)


@pytest.mark.parametrize(("table", "n"), [(predictions(), 0), (predictions().head(0), 2)])
def test_nobody_is_chosen_of_none(table: pd.DataFrame, n: int) -> None:
    assert choose(table, decision(), n=n, seed=0) == ()
