from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.stats import hmean
from sklearn import metrics

from visage.metrics.bootstrap import resampled
from visage.metrics.evaluation import figure_intervals, figures, flat
from visage.metrics.slice_figures import measured, slice_figures
from visage.metrics.slices import Factor, Slice

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


def test_resamples_without_what_a_figure_needs_have_none(truth, guess):
    few = replace(
        truth,
        age=np.where(np.arange(400) < 3, [10.0, 20.0, 20.0] + [np.nan] * 397, np.nan),
        gender=np.where(np.arange(400) < 2, np.arange(400), -1),
    )
    weights = np.zeros((4, 400))
    weights[0, :3] = 1  # all
    weights[1, 1:3] = 1  # one age, one gender
    weights[2, [0, 1, 2]] = [2, 1, 0]  # both of both
    weights[3, 9] = 1  # no label
    found = figures(few, guess, weights)
    defined = {name: (~np.isnan(values)).tolist() for name, values in found.items()}
    some, both = [True, True, True, False], [True, False, True, False]
    need_both = {"r2", "gender_f1", "harmonic"}
    expected = {name: both if name in need_both else some for name in found}
    assert set(found) == AGE | GENDER | {"harmonic"}
    assert defined == expected


def test_the_whole_part_has_the_intervals_that_a_slice_of_all_has(truth, guess):
    every = [Slice(Factor.SOURCE, np.ones(400, dtype=np.bool_), value="all")]
    measures = [partial(figures, truth, guess), slice_figures(truth, guess, every)]
    draws, sliced = resampled(measures, truth.group, resamples=100, seed=1)
    whole = figure_intervals(truth, guess, draws, level=0.95)
    of_slice = measured(truth, guess, every, sliced)
    for name in ("mae", "gender_accuracy"):
        assert whole[name] == pytest.approx(of_slice[name].interval(0, level=0.95))


def test_a_gender_that_the_part_lacks_is_missed_by_no_resample(truth, guess):
    women = replace(truth, gender=np.zeros(400, dtype=np.int64))
    found = figures(women, guess, np.eye(400)[:5])
    assert not np.isnan(found["gender_f1"]).any()


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
