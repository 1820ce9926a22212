import numpy as np
import pytest

from visage.posterior.calibration import fit_decision
from visage.posterior.judged import gender_curve, judge
from visage.posterior.threshold import threshold_curve
from visage.posterior.views import average_views


@pytest.fixture
def decide(faces):
    def make(**tasks):
        averaged = average_views(faces.predictions("calibration", **tasks))
        levels = {"coverages": (0.8, 0.9), "shown": 0.9, "min_group": 30}
        return fit_decision(averaged, index=faces.index, splits=faces.splits, **levels)

    return make


def test_two_views_are_not_one(faces, decide):
    told = judge(faces.predictions("test"), decide(), seed=1)
    assert told.views == ("identity", "hflip")
    assert np.abs(told.estimates.age - told.without_tta.age).max() > 1


def test_a_model_of_ages_has_no_cross_fitted_genders(faces, decide):
    table = faces.predictions("test", gender=False)
    assert judge(table, decide(gender=False), seed=1).cross_fitted is None


def test_cross_fitted_genders_are_those_of_all_images(faces, decide):
    told = judge(faces.predictions("test"), decide(), seed=1)
    agree = (told.cross_fitted == told.estimates.gender).mean()
    assert len(told.cross_fitted) == 150
    assert agree > 0.8


def test_the_curve_is_of_the_calibrated_probability(faces, decide):
    decision = decide()
    found = gender_curve(faces.predictions("calibration"), decision)
    averaged = average_views(faces.predictions("calibration"))
    raw = threshold_curve(averaged.labels.gender, averaged.male_probability)
    assert len(found) == 99
    assert not found.equals(raw)


def test_without_gender_head_the_curve_is_empty(faces, decide):
    table = faces.predictions("calibration", gender=False)
    assert gender_curve(table, decide(gender=False)).empty
