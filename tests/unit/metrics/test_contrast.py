from dataclasses import replace

import numpy as np
import pytest

from visage.metrics.contrast import (
    Settings,
    age_changes,
    contrast,
    gender_changes,
    is_better,
)
from visage.metrics.evaluation import figures
from visage.metrics.paired import Difference

SETTINGS = Settings(resamples=200, level=0.95, seed=1, age_bin_years=10, min_slice=10, top=5)


@pytest.fixture
def better(truth, guess):
    return replace(guess, age=(guess.age + truth.age) / 2, gender=truth.gender)


def test_figures_are_those_of_the_evaluation(truth, guess, better):
    found = contrast(truth, [guess], [better], settings=SETTINGS).figures
    assert set(found) == {"rmse", "mae", "gender_f1", "harmonic"}
    for name, difference in found.items():
        assert difference.a == pytest.approx(float(figures(truth, guess)[name]))
        assert difference.b == pytest.approx(float(figures(truth, better)[name]))


def test_a_model_that_is_better_is_shown_to_be(truth, guess, better):
    found = contrast(truth, [guess], [better], settings=SETTINGS).figures
    assert all(of.is_shown and is_better(name, of) for name, of in found.items())


def test_the_mean_of_seeds_is_compared(truth, guess, better):
    found = contrast(truth, [guess, better], [better], settings=SETTINGS).figures["mae"]
    maes = [float(figures(truth, model)["mae"]) for model in (guess, better)]
    assert (found.a, found.b) == pytest.approx((np.mean(maes), maes[1]))


def test_models_of_one_task_have_its_figures_alone(truth, guess, better):
    ages, genders = replace(guess, gender=None), replace(better, age=None)
    assert set(contrast(truth, [ages], [better], settings=SETTINGS).figures) == {"mae", "rmse"}
    assert set(contrast(truth, [guess], [genders], settings=SETTINGS).figures) == {"gender_f1"}
    assert contrast(truth, [ages], [genders], settings=SETTINGS).figures == {}


def test_a_slice_in_which_one_side_errs_more_is_found(truth, guess):
    old = (truth.age >= 90) & (truth.gender == 1)
    worse = replace(guess, age=np.where(old, truth.age - 30, guess.age))
    found = contrast(truth, [guess], [worse], settings=SETTINGS).slices
    shown = [(row.slice.gender, row.slice.low) for row in found if row.difference.is_shown]
    assert set(shown) == {(None, 90), (1, 90), (1, None)}


@pytest.mark.parametrize(
    ("figure", "low", "better"), [("mae", -1.0, True), ("harmonic", -1.0, False)]
)
def test_lower_is_better_for_errors_only(figure, low, better):
    assert is_better(figure, Difference(a=2.0, b=1.0, low=low, high=-0.5)) is better


def test_images_whose_age_changed_most_come_first(truth, guess):
    age = guess.age.copy()
    age[[7, 3, 11]] += [5.0, -9.0, 5.0]
    found = age_changes(truth, [guess], [replace(guess, age=age)])
    assert [change.id for change in found[:4]] == ["0003", "0007", "0011", "0000"]
    assert (found[0].label, found[0].a) == (truth.age[3], guess.age[3])
    assert found[0].b == pytest.approx(guess.age[3] - 9)


def test_an_image_without_a_label_changes_too(truth, guess):
    partial = replace(truth, gender=np.full(400, -1))
    moved = replace(guess, male_probability=1 - guess.male_probability)
    found = gender_changes(partial, [guess], [moved])
    assert found[0].label is None
    assert abs(found[0].b - found[0].a) == max(abs(c.b - c.a) for c in found)


def test_no_more_images_are_named_than_asked_for(truth, guess, better):
    found = contrast(truth, [guess], [better], settings=SETTINGS)
    assert (len(found.ages), len(found.genders)) == (5, 5)
