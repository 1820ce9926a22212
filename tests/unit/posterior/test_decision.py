import json

import pytest

from visage.posterior.decision import AgeInterval, Baseline, Decision, DecisionError
from visage.schema import Task

FULL = Decision(
    tasks=(Task.AGE, Task.GENDER),
    n=10,
    gender_threshold=0.4,
    gender_temperature=1.5,
    age_spread_years=6.0,
    age_interval=AgeInterval(0.9, 11.0),
    baseline=Baseline(30.0, 1),
)
AGE_ONLY = Decision((Task.AGE,), 10, None, None, 6.0, AgeInterval(0.9, 11.0), Baseline(30.0, None))
GENDER_ONLY = Decision((Task.GENDER,), 10, 0.4, 1.5, None, None, Baseline(None, 1))


@pytest.mark.parametrize("decision", [FULL, AGE_ONLY, GENDER_ONLY])
def test_a_decision_survives_its_file(decision):
    assert Decision.from_json(json.loads(json.dumps(decision.to_json()))) == decision


def test_the_file_says_on_which_part_it_was_fitted():
    assert FULL.to_json()["part"] == "calibration"


@pytest.mark.parametrize("change", [{"surprise": 1}, {"tasks": ["race"]}, {"baseline": {}}])
def test_a_file_of_another_version_is_refused_with_the_remedy(change):
    with pytest.raises(DecisionError, match="dvc repro calibrate"):
        Decision.from_json({**FULL.to_json(), **change})


def test_a_missing_key_is_named():
    value = FULL.to_json()
    del value["gender_threshold"]
    with pytest.raises(DecisionError, match="gender_threshold"):
        Decision.from_json(value)
