from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import f1_score

from visage.estimates import Estimates
from visage.metrics.bootstrap import resampled
from visage.metrics.threshold_effect import threshold_effect, threshold_gains


def effect(truth, guess, cross_fitted):
    gains = threshold_gains(truth, guess, cross_fitted)
    (draws,) = resampled([gains], truth.group, resamples=200, seed=1)
    return threshold_effect(gains, draws, truth, level=0.95)


def test_the_gain_is_the_difference_of_the_macro_f1(truth, guess):
    found = effect(truth, guess, guess.gender)
    after, half = (
        f1_score(truth.gender, told, average="macro")
        for told in (guess.gender, guess.gender_at_half)
    )
    assert found["fitted"]["gain"] == pytest.approx(after - half)
    assert found["cross_fitted"] == found["fitted"]  # the same genders here, and the same draws


def test_the_interval_lies_around_the_gain(truth, guess):
    found = effect(truth, guess, None)
    assert set(found) == {"fitted"}
    assert found["fitted"]["low"] < found["fitted"]["gain"] < found["fitted"]["high"]


def test_images_without_a_gender_do_not_count(truth, guess):
    some = np.arange(len(truth.id)) < 100
    partial = replace(truth, gender=np.where(some, -1, truth.gender))
    wrong = replace(guess, gender=np.where(some, 1 - guess.gender, guess.gender))
    first, second = (effect(partial, one, None) for one in (guess, wrong))
    assert first == second


def test_a_gender_that_most_resamples_lack_leaves_no_interval(truth, guess):
    one = np.where(truth.id == "0007", truth.gender, 1 - truth.gender[7])
    found = effect(replace(truth, gender=one), guess, None)["fitted"]
    assert (found["low"], found["high"]) == (None, None)
    assert np.isfinite(found["gain"])


def test_without_genders_there_is_no_effect(truth, guess):
    nobody = replace(truth, gender=np.full(len(truth.id), -1))
    assert effect(nobody, guess, None) == effect(truth, Estimates(), None) == {}
