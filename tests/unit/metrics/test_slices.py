from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from visage import schema
from visage.estimates import Estimates, Labels
from visage.metrics.slices import age_bins, age_scatter, bins_table, gender_pairs, slices


def of(age, gender, /, **estimates):
    n = len(age)
    ids = np.array([str(row) for row in range(n)], dtype=object)
    labels = Labels(ids, np.array(age, float), np.array(gender), np.arange(n))
    return labels, Estimates(**{name: np.array(value) for name, value in estimates.items()})


def test_age_bins_are_half_open():
    labels, estimates = of([0, 9.9, 10, 100], [0] * 4, age=[1, 9.9, 8, 97.0])
    bins = age_bins(labels, estimates, bin_years=10)
    assert bins["age_from"].to_list() == [0, 10, 100]
    assert bins["n"].to_list() == [2, 1, 1]


def test_bins_without_images_are_left_out():
    labels, estimates = of([5, 95], [0, 0], age=[5.0, 95.0])
    assert len(age_bins(labels, estimates, bin_years=10)) == 2


def test_bias_is_estimated_minus_true_age():
    labels, estimates = of([5, 6], [0, 0], age=[7.0, 5.0])
    found = age_bins(labels, estimates, bin_years=10).iloc[0]
    assert (found["mae"], found["mean_error"]) == (1.5, 0.5)


def test_labels_of_bins_are_whole_years():
    labels, estimates = of([5, 15, 100], [0] * 3, age=[5.0, 15.0, 100.0])
    names = bins_table(labels, estimates, bin_years=10)["ages"]
    assert names.to_list() == ["00-09", "10-19", "100-109"]


def test_slices_agree_with_a_plain_selection(truth, guess):
    found = slices(truth, guess, bin_years=10, min_slice=1)
    assert len(found) > 15
    for slice_ in found:
        low, high = slice_["age_from"], slice_["age_to"]
        chosen = (truth.gender == slice_["gender"]) & (truth.age >= low) & (truth.age < high)
        error = (guess.age - truth.age)[chosen]
        right = (guess.gender == truth.gender)[chosen]
        expected = (chosen.sum(), np.abs(error).mean(), error.mean(), right.mean())
        values = [slice_[name] for name in ("n", "mae", "mean_error", "gender_accuracy")]
        np.testing.assert_allclose(values, expected)


def test_small_slices_are_not_shown(truth, guess):
    found = slices(truth, guess, bin_years=10, min_slice=20)
    every = slices(truth, guess, bin_years=10, min_slice=1)
    assert found == [slice_ for slice_ in every if slice_["n"] >= 20]
    assert 0 < len(found) < len(every)


def test_where_every_slice_is_small_none_is_shown(truth, guess):
    assert slices(truth, guess, bin_years=10, min_slice=401) == []


@pytest.mark.parametrize(
    ("absent", "names"),
    [("gender", {"mae", "mean_error"}), ("age", {"gender_accuracy"})],
)
def test_slices_leave_out_what_has_no_head(truth, guess, absent, names):
    found = slices(truth, replace(guess, **{absent: None}), bin_years=10, min_slice=1)
    assert set(found[0]) == {"gender", "age_from", "age_to", "n"} | names


def test_scatter_has_two_decimals():
    labels, estimates = of([30.0], [0], age=[29.98765])
    assert age_scatter(labels, estimates).to_numpy().tolist() == [["0", 30.0, 29.99]]


def test_pairs_are_words():
    labels, estimates = of([30, 30], [0, 1], gender=[1, 1])
    assert gender_pairs(labels, estimates).to_numpy().tolist() == [
        ["female", "male"],
        ["male", "male"],
    ]


def test_tables_of_a_missing_head_are_empty_and_have_their_columns(truth):
    tables: list[tuple[pd.DataFrame, list[str]]] = [
        (bins_table(truth, Estimates(), bin_years=10), schema.AGE_BINS.names),
        (age_scatter(truth, Estimates()), schema.AGE_SCATTER.names),
        (gender_pairs(truth, Estimates()), schema.GENDER_CONFUSION.names),
    ]
    assert [(len(table), table.columns.to_list()) for table, _ in tables] == [
        (0, names) for _, names in tables
    ]


def test_images_without_a_label_are_in_no_table_that_needs_it(truth, guess):
    partial = replace(
        truth,
        age=np.where(np.arange(400) < 100, np.nan, truth.age),
        gender=np.where(np.arange(400) >= 350, -1, truth.gender),
    )
    assert age_bins(partial, guess, bin_years=10)["n"].sum() == 300
    assert sum(row["n"] for row in slices(partial, guess, bin_years=10, min_slice=1)) == 250
    assert (len(age_scatter(partial, guess)), len(gender_pairs(partial, guess))) == (300, 350)
