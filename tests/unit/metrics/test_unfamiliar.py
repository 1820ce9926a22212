"""The share that is called unfamiliar, and the figures of both sides."""

import numpy as np
import pytest
from scipy.stats import binomtest

from visage.estimates import Estimates, Labels
from visage.metrics.unfamiliar import unfamiliar_details

LABELS = Labels(
    id=np.array(list("abcd"), dtype=object),
    age=np.array([10.0, 20.0, 30.0, np.nan]),
    gender=np.array([0, 1, 1, -1]),
    group=np.arange(4),
)


def told(limit: float | None = 0.5, **scores: object) -> Estimates:
    given = {
        "age": np.array([11.0, 25.0, 30.0, 40.0]),
        "gender": np.array([0, 1, 0, 1]),
        "familiarity": np.array([0.4, 0.5, 0.9, 0.8]),
        "familiarity_limit": limit,
        "unfamiliar_share": 0.02,
    }
    return Estimates(**{**given, **scores})


def test_both_sides_have_their_figures() -> None:
    found = unfamiliar_details(LABELS, told())["unfamiliar"]
    assert (found["n"], found["n_unfamiliar"], found["share"]) == (4, 1, 0.25)
    assert found["figures"] == {
        "unfamiliar": {"n": 1, "mae": 1.0, "gender_accuracy": 1.0},
        "familiar": {"n": 3, "mae": 2.5, "gender_accuracy": 0.5},
    }


def test_the_interval_of_the_share_is_exact() -> None:
    found = unfamiliar_details(LABELS, told())["unfamiliar"]
    expected = binomtest(1, 4).proportion_ci(method="exact")
    assert (found["low"], found["high"]) == pytest.approx((expected.low, expected.high))


def test_copies_of_a_photo_do_not_narrow_the_interval() -> None:
    pairs = Labels(LABELS.id, LABELS.age, LABELS.gender, np.array([0, 1, 2, 2]))
    found = unfamiliar_details(pairs, told())["unfamiliar"]
    alone = unfamiliar_details(LABELS, told())["unfamiliar"]
    assert found["low"] < alone["low"] < alone["high"] < found["high"]


def test_a_side_without_faces_has_no_figures() -> None:
    found = unfamiliar_details(LABELS, told(0.1))["unfamiliar"]["figures"]
    assert found["unfamiliar"] == {"n": 0, "mae": None, "gender_accuracy": None}


@pytest.mark.parametrize("found", [told(None), told(familiarity=None)])
def test_without_a_limit_nothing_is_said(found: Estimates) -> None:
    assert unfamiliar_details(LABELS, found) == {}
