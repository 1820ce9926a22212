import numpy as np
import pytest

from visage.codes import Task
from visage.posterior.decision import AgeIntervals, AgeLevel, Baseline, Decision, DecisionError
from visage.posterior.estimate import estimate, trivial

DECISION = Decision(
    tasks=(Task.AGE, Task.GENDER),
    n=10,
    gender_threshold=0.4,
    gender_temperature=2.0,
    age_intervals=AgeIntervals((), (AgeLevel(0.9, (2.5,), 2.5),), shown=0),
    baseline=Baseline(30.0, 1),
)
POSTERIOR = np.array([[0.0, 0.0, 0.5, 0.5], [1.0, 0.0, 0.0, 0.0]])


def test_age_is_the_mean_of_the_posterior():
    assert estimate(POSTERIOR, None, decision=DECISION).age.tolist() == [2.5, 0.0]


def test_interval_is_cut_at_the_ends_of_the_grid():
    found = estimate(POSTERIOR, None, decision=DECISION)
    assert (found.age_low.tolist(), found.age_high.tolist()) == (
        [0.0, 0.0],
        [3.0, 2.95],
    )


def test_the_threshold_is_compared_with_the_calibrated_probability():
    raw = np.array([0.3, 0.31])  # logits -0.847 and -0.800; halved: 0.3956 and 0.4013
    found = estimate(None, raw, decision=DECISION)
    assert found.gender.tolist() == [0, 1]


def test_genders_at_one_half_stand_beside():
    found = estimate(None, np.array([0.45, 0.55]), decision=DECISION)
    assert (found.gender.tolist(), found.gender_at_half.tolist()) == ([1, 1], [0, 1])


def test_what_the_model_has_no_head_for_is_none():
    assert estimate(POSTERIOR, None, decision=DECISION).gender is None
    assert estimate(None, np.array([0.5]), decision=DECISION).age is None


@pytest.mark.parametrize(
    ("change", "heads"),
    [
        ({"age_intervals": None}, (POSTERIOR, None)),
        ({"gender_threshold": None}, (None, np.array([0.5, 0.5]))),
    ],
)
def test_a_decision_for_another_model_is_refused(change, heads):
    decision = Decision(**{**vars(DECISION), **change})
    with pytest.raises(DecisionError, match="dvc repro calibrate"):
        estimate(*heads, decision=decision)


def test_trivial_says_the_same_of_every_image():
    found = trivial(Baseline(31.5, 1), 3)
    assert (found.age.tolist(), found.gender.tolist()) == ([31.5] * 3, [1] * 3)


def test_trivial_is_silent_on_a_task_that_is_not_trained():
    assert trivial(Baseline(None, 1), 3).age is None
