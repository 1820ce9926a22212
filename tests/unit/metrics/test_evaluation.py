from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import hmean
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
    error = np.abs(guess.age - truth.age)
    expected = {
        "rmse": metrics.root_mean_squared_error(truth.age, guess.age),
        "mae": metrics.mean_absolute_error(truth.age, guess.age),
        "r2": metrics.r2_score(truth.age, guess.age),
        "gender_accuracy": metrics.accuracy_score(truth.gender, guess.gender),
        "gender_f1": metrics.f1_score(truth.gender, guess.gender, average="macro"),
        **{f"within_{k}": np.count_nonzero(error <= k) / 400 for k in (3, 5, 10)},
        "n": 400,
    }
    expected["harmonic"] = hmean([1 - expected["rmse"] / 30, expected["gender_f1"]])
    assert found == pytest.approx(expected, abs=5e-5)


def test_figures_are_taken_over_the_images_with_the_label(truth, guess):
    known = np.arange(400) < 300
    partial = replace(truth, age=np.where(known, truth.age, np.nan))
    found, part = flat(partial, guess), flat(of(truth, known), of(guess, known))
    assert found["mae"] == part["mae"]
    assert found["gender_f1"] == flat(truth, guess)["gender_f1"]
    assert (found["n"], found["n_age"]) == (400, 300)


def test_a_label_that_no_image_has_gives_no_figures(truth, guess):
    nobody = replace(truth, gender=np.full(400, -1))
    assert set(flat(nobody, guess)) == AGE | {"n", "n_gender"}


def test_weighted_figures_leave_out_the_same_images(truth, guess):
    partial = replace(truth, gender=np.where(np.arange(400) % 3 == 0, -1, truth.gender))
    weighted, plain = figures(partial, guess, np.ones((1, 400))), figures(partial, guess)
    assert {name: value[0] for name, value in weighted.items()} == pytest.approx(plain)


def of(rows, known):
    return replace(rows, **{k: v[known] for k, v in vars(rows).items() if hasattr(v, "shape")})


def test_figures_are_rounded_to_four_decimals(truth, guess):
    assert all(value == round(value, 4) for value in flat(truth, guess).values())


def test_equal_weights_change_no_figure(truth, guess):
    weighted = figures(truth, guess, np.full((1, 400), 3.0))
    plain = figures(truth, guess)
    assert {name: value[0] for name, value in weighted.items()} == pytest.approx(plain)


def test_named_figures_are_the_same_alone(truth, guess):
    found, every = figures(truth, guess, names=("mae", "harmonic", "rmse")), figures(truth, guess)
    assert found == {"rmse": every["rmse"], "mae": every["mae"]}  # harmonic needs a gender figure
    both = figures(truth, guess, names=("rmse", "gender_f1", "harmonic"))
    assert both["harmonic"] == every["harmonic"]
