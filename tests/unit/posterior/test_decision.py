import json

import pytest

from visage.codes import Task
from visage.posterior.decision import AgeIntervals, AgeLevel, Baseline, Decision, DecisionError

FULL = Decision(
    tasks=(Task.AGE, Task.GENDER),
    n=10,
    gender_threshold=0.4,
    gender_temperature=1.5,
    age_intervals=AgeIntervals((), (AgeLevel(0.9, (11.0,), 11.0),), shown=0),
    baseline=Baseline(30.0, 1),
    views=("identity", "hflip"),
    familiarity_limit=0.7,
    unfamiliar_share=0.02,
)
AGE_ONLY = Decision(
    (Task.AGE,),
    10,
    None,
    None,
    AgeIntervals((), (AgeLevel(0.9, (11.0,), 11.0),), shown=0),
    Baseline(30.0, None),
)
GENDER_ONLY = Decision((Task.GENDER,), 10, 0.4, 1.5, None, Baseline(None, 1))


@pytest.mark.parametrize("decision", [FULL, AGE_ONLY, GENDER_ONLY])
def test_a_decision_survives_its_file(decision):
    assert Decision.from_json(json.loads(json.dumps(decision.to_json()))) == decision


def test_the_file_says_on_which_part_it_was_fitted():
    assert FULL.to_json()["part"] == "calibration"


def test_a_file_that_names_no_views_was_fitted_on_the_image_as_it_is():
    value = FULL.to_json()
    del value["views"]
    assert Decision.from_json(value).views == ("identity",)


def test_a_file_of_before_calls_no_face_unfamiliar():
    value = FULL.to_json()
    del value["familiarity_limit"], value["unfamiliar_share"]
    assert Decision.from_json(value).familiarity_limit is None


def test_a_key_that_earlier_versions_wrote_is_passed_over():
    assert Decision.from_json({**FULL.to_json(), "age_spread_years": 6.0}) == FULL
    assert "age_spread_years" not in FULL.to_json()


@pytest.mark.parametrize("change", [{"surprise": 1}, {"tasks": ["race"]}, {"baseline": {}}])
def test_a_file_of_another_version_is_refused_with_the_remedy(change):
    with pytest.raises(DecisionError, match="dvc repro calibrate"):
        Decision.from_json({**FULL.to_json(), **change})


def test_a_missing_key_is_named():
    value = FULL.to_json()
    del value["gender_threshold"]
    with pytest.raises(DecisionError, match="gender_threshold"):
        Decision.from_json(value)
