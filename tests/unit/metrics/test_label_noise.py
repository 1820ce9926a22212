import numpy as np
import pytest

from visage.estimates import Estimates
from visage.metrics.label_noise import Claims, age_probability, doubts, gender_probability

N, WRONG = 1000, 20


@pytest.fixture
def told() -> Estimates:
    """A good model: its errors grow with age, its genders are rarely unsure."""
    rng = np.random.default_rng(1)
    truth = rng.uniform(1, 90, N)
    gender = rng.integers(0, 2, N)
    logit = (2 * gender - 1) * 4 + rng.normal(0, 1, N)
    age = truth + rng.laplace(0, 1 + truth / 15)
    return Estimates(age=age, male_probability=1 / (1 + np.exp(-logit)))


def claims(age: np.ndarray, gender: np.ndarray) -> Claims:
    return Claims(age_low=age, age_high=age, gender=gender)


def right(told: Estimates) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    truth = rng.uniform(1, 90, N)
    return truth, rng.integers(0, 2, N).astype(float)


def test_planted_ages_come_out_on_top(told: Estimates) -> None:
    age, gender = right(told)
    age[:WRONG] = np.where(age[:WRONG] < 45, 88, 2)
    first = np.argsort(-doubts(claims(age, gender), told).score)[:WRONG]
    assert (first < WRONG).sum() >= 0.9 * WRONG


def test_planted_genders_come_out_on_top(told: Estimates) -> None:
    age, gender = right(told)
    gender[:WRONG] = 1 - gender[:WRONG]
    first = np.argsort(-doubts(claims(age, gender), told).gender)[:WRONG]
    assert (first < WRONG).sum() >= 0.9 * WRONG


def test_an_error_counts_by_what_is_usual_at_that_age() -> None:
    rng = np.random.default_rng(2)
    predicted = np.repeat([10.0, 70.0], 500)
    age = predicted + rng.laplace(0, np.repeat([1.0, 10.0], 500))
    age[[0, 500]] = predicted[[0, 500]] + 12
    young, old = age_probability(claims(age, np.zeros(1000)), predicted)[[0, 500]]
    assert young < 1e-4
    assert old > 0.1


def test_a_bias_of_the_model_makes_no_label_suspicious() -> None:
    rng = np.random.default_rng(3)
    age = rng.normal(40, 1, 500)
    probability = age_probability(claims(age, np.zeros(500)), age + 9)
    assert np.median(probability) > 0.3


def test_wrong_labels_do_not_hide_by_widening_the_spread() -> None:
    age = np.full(500, 40.0) + np.random.default_rng(4).normal(0, 2, 500)
    predicted = np.full(500, 40.0)
    few, many = age.copy(), age.copy()
    few[:1], many[:50] = 90, 90
    alone, among = (
        age_probability(claims(one, np.zeros(500)), predicted)[0] for one in (few, many)
    )
    assert -np.log10(among) > 0.7 * -np.log10(alone)


def test_within_its_range_an_age_is_not_suspicious() -> None:
    claimed = Claims(np.full(300, 20.0), np.full(300, 29.0), np.zeros(300))
    predicted = np.linspace(20, 29, 300)
    assert age_probability(claimed, predicted) == pytest.approx(1)


def test_labels_that_are_unknown_have_no_doubt() -> None:
    unknown = Claims(np.array([np.nan, 5.0]), np.array([np.nan, 5.0]), np.array([1, -1]))
    told = Estimates(age=np.array([50.0, 5.0]), male_probability=np.array([0.9, 0.001]))
    found = doubts(unknown, told)
    assert (found.age[0], found.gender[1]) == (0, 0)
    assert found.gender[0] == pytest.approx(-np.log10(0.9))


def test_a_model_of_one_task_doubts_that_one_only() -> None:
    found = doubts(claims(np.array([5.0]), np.array([0.0])), Estimates(age=np.array([60.0])))
    assert found.gender.tolist() == [0]


def test_the_probability_of_a_gender_is_that_of_the_label() -> None:
    claimed = claims(np.zeros(3), np.array([0.0, 1.0, -1.0]))
    found = gender_probability(claimed, np.array([0.2, 0.2, 0.2]))
    assert found[:2] == pytest.approx([0.8, 0.2])
    assert np.isnan(found[2])
