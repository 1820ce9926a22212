from dataclasses import replace

import numpy as np
import pytest
from sklearn import metrics

from visage.metrics.evaluation import figures, flat

AGE = {"rmse", "mae", "r2", "within_3", "within_5", "within_10"}
GENDER = {"gender_accuracy", "gender_f1"}


def test_both_tasks_have_all_figures(truth, guess):
    assert set(flat(truth, guess)) == AGE | GENDER | {"harmonic", "n"}


@pytest.mark.parametrize(("absent", "expected"), [("gender", AGE), ("age", GENDER)])
def test_one_task_has_its_own_figures_and_no_harmonic(truth, guess, absent, expected):
    assert set(flat(truth, replace(guess, **{absent: None}))) == expected | {"n"}


def test_figures_agree_with_scikit_learn(truth, guess):
    found = flat(truth, guess)
    expected = {
        "rmse": metrics.root_mean_squared_error(truth.age, guess.age),
        "mae": metrics.mean_absolute_error(truth.age, guess.age),
        "r2": metrics.r2_score(truth.age, guess.age),
        "gender_accuracy": metrics.accuracy_score(truth.gender, guess.gender),
        "gender_f1": metrics.f1_score(truth.gender, guess.gender, average="macro"),
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=5e-5)


def test_figures_are_rounded_to_four_decimals(truth, guess):
    assert all(value == round(value, 4) for value in flat(truth, guess).values())


def test_equal_weights_change_no_figure(truth, guess):
    weighted = figures(truth, guess, np.full((1, 400), 3.0))
    plain = figures(truth, guess)
    assert {name: value[0] for name, value in weighted.items()} == pytest.approx(plain)
