import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from visage.posterior.gender import logits
from visage.posterior.temperature import BOUNDS, fit_temperature


def sample(n, temperature, seed=0):
    generator = np.random.default_rng(seed)
    honest = generator.normal(0, 2, n)
    gender = (generator.random(n) < expit(honest)).astype(np.int64)
    return gender, expit(honest * temperature)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 3.0])
def test_the_overconfidence_that_was_put_in_is_found(temperature):
    assert fit_temperature(*sample(20_000, temperature)) == pytest.approx(temperature, rel=0.05)


def test_temperature_is_the_inverse_slope_of_a_logistic_regression():
    gender, probability = sample(400, 2.0)
    model = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10)
    slope = model.fit(logits(probability)[:, None], gender).coef_[0, 0]
    assert fit_temperature(gender, probability) == pytest.approx(1 / slope, rel=1e-4)


def test_a_perfect_sample_does_not_ask_for_certainty():
    gender = np.array([0, 1])
    assert fit_temperature(gender, np.array([0.4, 0.6])) == pytest.approx(BOUNDS[0], rel=1e-3)


def test_a_model_that_knows_nothing_keeps_its_temperature():
    assert fit_temperature(np.array([0, 1]), np.array([0.5, 0.5])) == 1.0
