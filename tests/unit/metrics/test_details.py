import json
from dataclasses import replace

import numpy as np
import pytest

from visage.estimates import Estimates, Labels
from visage.metrics.details import details
from visage.metrics.evaluation import flat

AGE_KEYS = {"mean_error", "balanced_mae", "mae_median", "age_bins", "interval"}
GENDER_KEYS = {
    "gender_confusion",
    "gender_confusion_at_half",
    "at_half_threshold",
    "classification_report",
    "gender_calibration_error",
}


@pytest.fixture
def describe(truth, guess):
    def make(labels=truth, estimates=guess):
        return details(
            labels,
            estimates,
            part="test",
            without_tta=estimates,
            baseline=Estimates(age=np.full(400, 50.0), gender=np.ones(400, dtype=np.int64)),
            views=("identity", "hflip"),
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
