import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from visage.posterior.age import mean_age, median_age

GRID = np.arange(101.0)


def point_mass(age):
    return np.clip(1 - np.abs(GRID - age), 0, None)


def normal(mean, spread):
    edges = np.append(GRID, 101) - 0.5
    mass = np.diff(norm(mean, spread).cdf(edges))
    return mass / mass.sum()


@given(st.floats(0, 100))
def test_mean_of_a_point_mass_is_its_age(age):
    assert mean_age(point_mass(age)[None])[0] == pytest.approx(age, abs=1e-9)


@given(st.floats(20, 80), st.floats(2, 6))
def test_median_of_a_normal_is_its_centre(mean, spread):
    assert median_age(normal(mean, spread)[None])[0] == pytest.approx(mean, abs=0.01)


@given(st.floats(0, 100))
def test_median_of_a_point_mass_is_within_half_a_year(age):
    assert median_age(point_mass(age)[None])[0] == pytest.approx(age, abs=0.5)


def test_median_interpolates_inside_the_year_that_reaches_one_half():
    assert median_age(np.array([[0.2, 0.2, 0.4, 0.2]]))[0] == pytest.approx(1.75)


def test_median_between_two_views_is_in_their_middle_whatever_the_rounding():
    views = np.stack([point_mass(30.2), point_mass(40.7)])
    halves = np.array([0.5 - 1e-7, 0.5, 0.5 + 1e-7])
    mixed = halves[:, None] * views[0] + (1 - halves)[:, None] * views[1]
    np.testing.assert_allclose(median_age(mixed), 35.5, atol=0.01)


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=30).filter(lambda p: sum(p) > 0.1))
def test_median_stays_on_the_grid(masses):
    posterior = np.array(masses) / sum(masses)
    assert 0 <= median_age(posterior[None])[0] <= len(masses) - 1


def test_median_of_a_skewed_posterior_is_nearer_to_the_mode_than_the_mean():
    skewed = np.exp(-GRID / 10)[None]
    skewed = skewed / skewed.sum()
    assert 0 < median_age(skewed)[0] < mean_age(skewed)[0]
