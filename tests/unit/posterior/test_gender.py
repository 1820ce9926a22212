import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from visage.posterior.gender import decide_gender, temper

inside = st.floats(1e-6, 1 - 1e-6)


@given(inside, st.floats(0.1, 10))
def test_temper_divides_the_logit(probability, temperature):
    found = temper(np.array([probability]), temperature=temperature)
    np.testing.assert_allclose(found, expit(logit(probability) / temperature), rtol=1e-6)


@given(st.lists(inside, min_size=1), st.floats(0.1, 10))
def test_temper_keeps_the_side_of_one_half(probabilities, temperature):
    raw = np.array(probabilities)
    assert ((temper(raw, temperature=temperature) >= 0.5) == (raw >= 0.5)).all()


def test_temper_of_certainty_is_finite():
    found = temper(np.array([0.0, 1.0]), temperature=0.1)
    assert np.isfinite(found).all()


def test_a_probability_at_the_threshold_is_male():
    assert decide_gender(np.array([0.3, 0.29]), threshold=0.3).tolist() == [1, 0]
