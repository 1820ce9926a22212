import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics
from torchmetrics.functional.classification import binary_calibration_error

from visage.metrics.gender import (
    accuracy,
    calibration_error,
    classification_report,
    confusion,
    macro_f1,
)

GENDER = np.random.default_rng(0).integers(0, 2, 500)
TOLD = np.where(np.random.default_rng(1).random(500) < 0.8, GENDER, 1 - GENDER)
WEIGHTS = np.random.default_rng(2).poisson(1.0, (5, 500)).astype(np.float64)
pairs = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=12)


def reference_f1(gender, told, **weights):
    return metrics.f1_score(
        gender, told, average="macro", labels=[0, 1], zero_division=0, **weights
    )


def test_confusion_has_true_rows_and_told_columns():
    assert confusion(np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1])).tolist() == [[1, 2], [0, 1]]


@given(pairs)
def test_confusion_agrees_with_scikit_learn(rows):
    gender, told = np.array(rows).T
    expected = metrics.confusion_matrix(gender, told, labels=[0, 1])
    assert confusion(gender, told).tolist() == expected.tolist()


@pytest.mark.parametrize(
    "rows", [[(0, 0)], [(1, 0)], [(1, 1), (1, 1)], [(0, 1), (1, 1)], [(0, 1), (1, 0), (1, 1)]]
)
def test_macro_f1_of_few_images_agrees_with_scikit_learn(rows):
    gender, told = np.array(rows).T
    assert macro_f1(gender, told) == pytest.approx(reference_f1(gender, told))


def test_weighted_macro_f1_is_scikit_learns():
    expected = [reference_f1(GENDER, TOLD, sample_weight=row) for row in WEIGHTS]
    np.testing.assert_allclose(macro_f1(GENDER, TOLD, WEIGHTS), expected)


def test_weighted_accuracy_is_scikit_learns():
    expected = [metrics.accuracy_score(GENDER, TOLD, sample_weight=row) for row in WEIGHTS]
    np.testing.assert_allclose(accuracy(GENDER, TOLD, WEIGHTS), expected)


def test_float_genders_are_counted_too():
    assert macro_f1(GENDER.astype("float32"), TOLD.astype("int8")) == macro_f1(GENDER, TOLD)


@pytest.mark.parametrize("bins", [5, 10, 15])
def test_calibration_error_agrees_with_torchmetrics(bins):
    probability = np.random.default_rng(3).random(500)
    expected = binary_calibration_error(
        torch.tensor(probability), torch.tensor(GENDER), n_bins=bins, norm="l1"
    )
    found = calibration_error(GENDER, probability, bins=bins)
    assert found == pytest.approx(expected.item(), abs=1e-6)


def test_calibration_error_of_certainty_is_the_error_rate():
    assert calibration_error(np.array([0, 1, 1, 1]), np.array([0.0, 1.0, 1.0, 0.0])) == 0.25


@given(pairs)
def test_the_report_by_gender_is_scikit_learns(drawn):
    gender, told = np.array(drawn).T
    expected = metrics.classification_report(
        gender, told, labels=[0, 1], output_dict=True, zero_division=0
    )
    for row, code in zip(classification_report(gender, told), ("0", "1"), strict=True):
        assert row["gender"] == int(code)
        assert row["support"] == expected[code]["support"]
        for share, name in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score")):
            assert row[share] == pytest.approx(expected[code][name])


@given(pairs, st.data())
def test_shares_of_any_images_and_weights_are_scikit_learns(rows, data):
    gender, told = np.array(rows).T
    one = st.lists(st.integers(1, 3), min_size=len(rows), max_size=len(rows))
    weights = np.array(data.draw(one), dtype=np.float64)
    f1 = reference_f1(gender, told, sample_weight=weights)
    assert macro_f1(gender, told, weights) == pytest.approx(f1)
    assert macro_f1(gender, told) == pytest.approx(reference_f1(gender, told))
    share = metrics.accuracy_score(gender, told, sample_weight=weights)
    assert accuracy(gender, told, weights) == pytest.approx(share)
    assert accuracy(gender, told) == pytest.approx(metrics.accuracy_score(gender, told))


# Between the edges of bins, where there is no question of the side.
told_genders = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 999).map(lambda at: (at + 0.5) / 1000)),
    min_size=1,
    max_size=40,
)


@given(told_genders, st.sampled_from([5, 10, 20]))
def test_calibration_error_is_that_of_each_bin_by_itself(rows, bins):
    gender, male = np.array(rows).T
    expected = 0.0
    for low in np.arange(bins) / bins:
        inside = (low <= male) & (male < low + 1 / bins)
        if inside.any():
            expected += inside.mean() * abs(gender[inside].mean() - male[inside].mean())
    assert calibration_error(gender, male, bins=bins) == pytest.approx(expected)
