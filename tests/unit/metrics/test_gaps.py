import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from visage.estimates import Estimates, Labels
from visage.metrics.bootstrap import resampled
from visage.metrics.gaps import largest_gaps
from visage.metrics.slice_figures import measured, slice_figures
from visage.metrics.slices import Factor, Slice


def labels_of(gender, *, age=0.0) -> Labels:
    n = len(gender)
    return Labels(np.arange(n), np.full(n, age), np.asarray(gender), np.arange(n))


def cut(words) -> list[Slice]:
    values = sorted(set(words))
    return [Slice(Factor.RACE, np.asarray(words) == value, value=value) for value in values]


def gaps(labels, estimates, slices, *, min_slice=2, resamples=300, seed=0):
    figures = slice_figures(labels, estimates, slices)
    (draws,) = resampled([figures], labels.group, resamples=resamples, seed=seed)
    found = measured(labels, estimates, slices, draws)
    return {gap.name: gap for gap in largest_gaps(slices, found, min_slice=min_slice, level=0.95)}


@pytest.fixture
def case():
    """Returns genders, told genders and races of 600 images; race c is told worst."""
    rng = np.random.default_rng(4)
    race = rng.choice(["a", "b", "c"], 600)
    gender = rng.integers(0, 2, 600)
    wrong = rng.random(600) < np.where(race == "c", 0.4, 0.1)
    return gender, np.where(wrong, 1 - gender, gender), race


def test_equalized_odds_difference_is_that_of_the_confusion_matrices(case):
    gender, told, race = case
    rates = []
    for value in "abc":
        (tn, fp), (fn, tp) = confusion_matrix(gender[race == value], told[race == value])
        rates.append((tp / (tp + fn), fp / (fp + tn)))
    spread = np.ptp(np.array(rates), axis=0)  # of true and of false positive rates
    gap = gaps(labels_of(gender), Estimates(gender=told), cut(race))["equalized_odds_difference"]
    assert gap.value == pytest.approx(spread.max())
    assert gap.figure == ("male_recall", "female_recall")[int(spread.argmax())]


def test_equalized_odds_do_not_depend_on_which_gender_is_positive(case):
    gender, told, race = case
    one = gaps(labels_of(gender), Estimates(gender=told), cut(race))
    other = gaps(labels_of(1 - gender), Estimates(gender=1 - told), cut(race))
    name = "equalized_odds_difference"
    assert one[name].value == pytest.approx(other[name].value)


def test_the_gap_is_between_the_largest_and_the_smallest(case):
    gender, told, race = case
    gap = gaps(labels_of(gender), Estimates(gender=told), cut(race))["gender_accuracy_difference"]
    shares = [(told == gender)[race == value].mean() for value in "abc"]
    assert gap.value == pytest.approx(max(shares) - min(shares))
    assert (gap.larger, gap.smaller) == (int(np.argmax(shares)), int(np.argmin(shares)))
    assert gap.low > 0


def test_with_two_slices_the_interval_is_welchs():
    rng = np.random.default_rng(5)
    errors, race = rng.exponential(5, 200), np.array(["a"] * 150 + ["b"] * 50)
    labels = labels_of(np.full(200, -1))
    gap = gaps(labels, Estimates(age=errors), cut(race), resamples=4000)["mae_difference"]
    from scipy.stats import ttest_ind

    a, b = errors[race == "a"], errors[race == "b"]
    welch = ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert gap.high - gap.low == pytest.approx(welch.high - welch.low, rel=0.06)


def test_a_slice_that_many_resamples_lack_is_in_no_gap():
    errors = Estimates(age=np.random.default_rng(7).exponential(5, 202))
    race = np.array(["a"] * 120 + ["b"] * 80 + ["c"] * 2)
    labels = labels_of(np.full(202, -1))
    gap = gaps(labels, errors, cut(race))["mae_difference"]
    assert {gap.larger, gap.smaller} == {0, 1}
    assert np.isfinite([gap.low, gap.high]).all()


def test_resamples_without_a_slice_leave_the_gaps_interval_a_number():
    errors = Estimates(age=np.random.default_rng(7).exponential(5, 205))
    race = np.array(["a"] * 120 + ["b"] * 80 + ["c"] * 5)
    gap = gaps(labels_of(np.full(205, -1)), errors, cut(race), resamples=2000)["mae_difference"]
    assert np.isfinite([gap.value, gap.low, gap.high]).all()


def test_where_nothing_differs_a_gap_is_shown_as_often_as_the_level_says():
    rng, shown = np.random.default_rng(6), []
    race, labels = np.repeat(list("abcde"), 40), labels_of(np.full(200, -1))
    for seed in range(200):
        errors = Estimates(age=rng.normal(10, 2, 200))
        gap = gaps(labels, errors, cut(race), resamples=200, seed=seed)["mae_difference"]
        shown.append(gap.low > 0)
    assert np.mean(shown) == pytest.approx(0.05, abs=0.047)  # three standard errors


def test_slices_all_of_whose_genders_are_right_are_not_certain_to_be_equal():
    gender = np.tile([0, 1], 40)
    race = np.repeat(["a", "b"], 40)
    gap = gaps(labels_of(gender), Estimates(gender=gender), cut(race))
    for name in ("gender_accuracy_difference", "equalized_odds_difference"):
        assert gap[name].value == 0
        assert gap[name].high > 0.05


def test_a_slice_with_few_of_a_gender_has_no_equalized_odds(case):
    gender, told, race = case
    few = np.where(race == "c", 0, gender)
    found = gaps(labels_of(few), Estimates(gender=told), cut(race), min_slice=20)
    gap = found["equalized_odds_difference"]
    assert gap.figure == "female_recall" or 2 not in (gap.larger, gap.smaller)
    alone = gaps(labels_of(few * 0), Estimates(gender=told), cut(race)[:1], min_slice=20)
    assert alone == {}


def test_slices_of_a_gender_have_no_equalized_odds(case):
    gender, told, _ = case
    slices = [Slice(Factor.GENDER, gender == code, gender=code) for code in (0, 1)]
    assert set(gaps(labels_of(gender), Estimates(gender=told), slices)) == {
        "gender_accuracy_difference"
    }


@given(st.integers(0, 10_000))
def test_any_gap_is_the_largest_less_the_smallest_of_slices_that_are_large_enough(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(10, 80))
    race, gender = rng.choice(list("abcd"), n), rng.integers(0, 2, n)
    labels = labels_of(gender, age=30.0)
    told = Estimates(age=30 + rng.normal(0, 5, n), gender=rng.integers(0, 2, n))
    found = gaps(labels, told, cut(race), min_slice=5, resamples=50)
    shown = [race == value for value in "abcd" if (race == value).sum() >= 5]
    if len(shown) < 2:
        assert "mae_difference" not in found
        return
    maes = [np.abs(told.age - 30)[rows].mean() for rows in shown]
    shares = [(told.gender == gender)[rows].mean() for rows in shown]
    for name, values in (("mae_difference", maes), ("gender_accuracy_difference", shares)):
        assert found[name].value == pytest.approx(max(values) - min(values))
        assert found[name].low <= found[name].value <= found[name].high
