import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error

from visage.estimates import AgeBounds, Estimates, Labels
from visage.metrics.details import details
from visage.metrics.evaluation import flat

AGE_KEYS = {"mean_error", "balanced_mae", "mae_median", "interval", "interval_levels"}
GENDER_KEYS = {
    "gender_confusion",
    "gender_confusion_at_half",
    "at_half_threshold",
    "classification_report",
    "gender_calibration_error",
    "gender_reliability",
    "threshold_effect",
}


@pytest.fixture
def describe(truth, guess):
    def make(labels=truth, estimates=guess, without_tta=None, views=("identity", "hflip")):
        return details(
            labels,
            estimates,
            part="test",
            without_tta=without_tta or estimates,
            baseline=Estimates(age=np.full(400, 50.0), gender=np.ones(400, dtype=np.int64)),
            views=views,
            resamples=200,
            level=0.95,
            seed=17,
            age_bin_years=10,
            min_slice=20,
        )

    return make


def reordered(labels, order):
    return Labels(*(array[order] for array in vars(labels).values()))


def test_every_headline_figure_has_an_interval_around_it(describe, truth, guess):
    intervals, headline = describe()["intervals"], flat(truth, guess)
    assert set(intervals) == set(headline) - {"n"}
    assert all(low < headline[name] < high for name, (low, high) in intervals.items())


def few_labels(truth, *, n_age, n_women):
    """Returns labels of which so many are known: ages, and women among the men."""
    women = np.where(np.arange(400) < n_women, 0, 1)
    return replace(truth, age=np.where(np.arange(400) < n_age, truth.age, np.nan), gender=women)


@pytest.mark.parametrize(
    ("n_age", "n_women", "without"),
    [
        (2, 200, {"rmse", "mae", "r2", "within_3", "within_5", "within_10", "harmonic"}),
        (400, 1, {"gender_f1", "harmonic"}),
    ],
)
def test_too_few_labels_leave_no_interval_but_a_document(
    describe, truth, guess, n_age, n_women, without
):
    labels = few_labels(truth, n_age=n_age, n_women=n_women)
    found, headline = describe(labels=labels), flat(labels, guess)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    # A share of 0 or 1 has the exact interval, however few they are.
    shares = without & {"within_3", "within_5", "within_10"}
    exact = {name for name in shares if headline[name] in (0, 1)}
    assert {name for name, ends in found["intervals"].items() if ends is None} == without - exact
    assert found["tta_difference"]["harmonic"]["low"] is None
    assert found["undefined_resamples"]["harmonic"] > 10


def test_resamples_that_lack_a_gender_are_counted_and_left_out(describe, truth):
    found = describe(labels=few_labels(truth, n_age=400, n_women=5))
    assert found["undefined_resamples"] == {"gender_f1": 2, "harmonic": 2}
    assert found["intervals"]["gender_f1"] is not None


def test_where_every_gender_is_right_the_accuracy_has_the_exact_interval(describe, truth, guess):
    found = describe(estimates=replace(guess, gender=truth.gender))["intervals"]
    assert found["gender_accuracy"] == [pytest.approx(0.025 ** (1 / 266.67), abs=1e-4), 1.0]
    assert found["gender_f1"] is None


def test_the_document_is_json(describe):
    assert json.loads(json.dumps(describe(), allow_nan=False)) == describe()


def test_the_document_says_what_was_measured(describe):
    found = describe()
    assert (found["part"], found["n"], found["n_groups"], found["seed"]) == ("test", 400, 300, 17)


def test_the_hash_is_of_the_labels_whatever_their_order(describe, truth):
    first = describe()["data_sha256"]
    assert describe(labels=reordered(truth, np.arange(400)[::-1]))["data_sha256"] == first


def test_another_label_is_another_hash(describe, truth):
    other = replace(truth, age=np.where(truth.id == "0007", 99.5, truth.age))
    assert describe(labels=other)["data_sha256"] != describe()["data_sha256"]


def test_coverage_is_the_share_of_ages_inside_the_interval(describe, truth, guess):
    held = np.abs(truth.age - guess.age) <= 10
    assert describe()["interval"] == {
        "nominal": 0.9,
        "coverage": pytest.approx(held.mean(), abs=5e-5),
        "mean_width_years": 20.0,
    }


def test_the_threshold_one_half_is_shown_beside(describe, truth, guess):
    at_half = flat(truth, replace(guess, gender=guess.gender_at_half))
    expected = {name: at_half[name] for name in ("gender_accuracy", "gender_f1")}
    assert describe()["at_half_threshold"] == expected


def test_confusion_counts_are_whole_numbers(describe):
    counts = np.array(describe()["gender_confusion"])
    assert counts.dtype.kind == "i"
    assert counts.sum() == 400


@pytest.mark.parametrize(("absent", "left_out"), [("age", AGE_KEYS), ("gender", GENDER_KEYS)])
def test_what_has_no_head_is_left_out(describe, guess, absent, left_out):
    found = set(describe()) - set(describe(estimates=replace(guess, **{absent: None})))
    assert found == left_out


def test_the_difference_by_tta_is_paired(describe, truth, guess):
    farther = replace(guess, age=guess.age + np.where(guess.age < truth.age, -2.0, 2.0))
    found = describe(without_tta=farther)["tta_difference"]
    assert set(found) == {"mae", "rmse", "gender_f1", "harmonic"}
    assert found["mae"] == {"difference": -2.0, "low": -2.0, "high": -2.0}
    assert found["rmse"]["low"] < found["rmse"]["difference"] < found["rmse"]["high"] < 0


def test_one_view_has_no_difference_by_tta(describe):
    assert "tta_difference" not in describe(views=("identity",))


def test_the_median_has_its_own_mae(describe, truth, guess):
    other = replace(guess, age_median=truth.age + np.where(truth.age < 50, 4.0, -2.0))
    expected = mean_absolute_error(truth.age, other.age_median)
    assert describe(estimates=other)["mae_median"] == pytest.approx(expected, abs=5e-5)
    assert describe(estimates=other)["mae_median"] != describe()["mae_median"]


def test_coverage_and_width_are_of_the_images_whose_age_is_known(describe, truth, guess):
    known = np.arange(400) % 5 > 0
    width = np.where(known, 20.0, 70.0)
    bounds = guess.age - width / 2, guess.age + width / 2
    wide = replace(
        guess,
        age_low=bounds[0],
        age_high=bounds[1],
        age_bounds=(AgeBounds(0.9, *bounds, *bounds),),
    )
    partial = replace(truth, age=np.where(known, truth.age, np.nan))
    found = describe(labels=partial, estimates=wide)
    assert found["interval"]["mean_width_years"] == 20.0
    level = found["interval_levels"][0]
    assert found["interval"] == {name: level[name] for name in found["interval"]}
