"""Effective numbers of images against simulation, and shares' intervals against SciPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from visage.metrics.independent import n_effective, n_independent, share_interval


def test_copies_count_once_among_the_members() -> None:
    group, members = np.array([1, 1, 2, 3, 3]), np.array([True, True, True, False, False])
    assert n_independent(group, members) == 2


def test_images_without_copies_are_all_effective() -> None:
    assert n_effective(np.arange(7)) == 7


def test_groups_of_one_size_are_as_effective_as_one_image_of_each() -> None:
    assert n_effective(np.repeat(np.arange(10), 3)) == pytest.approx(10)


def test_the_variance_of_a_share_is_that_of_so_many_images() -> None:
    sizes = np.array([12, 5, 1, 1, 1, 1, 3, 2])
    group = np.repeat(np.arange(8), sizes)
    right = np.random.default_rng(0).random((40_000, 8)) < 0.3  # copies are right together
    shares = right @ sizes / sizes.sum()
    assert shares.var() == pytest.approx(0.3 * 0.7 / n_effective(group), rel=0.03)


def test_an_interval_by_copies_holds_the_share_as_often_as_it_says() -> None:
    sizes = np.array([8, *[1] * 30])
    right = np.random.default_rng(1).random((4000, 31)) < 0.8
    shares = right @ sizes / sizes.sum()
    held = []
    for n in (n_effective(np.repeat(np.arange(31), sizes)), 38.0):
        low, high = share_interval(shares, np.full(4000, n))
        held.append(((low <= 0.8) & (high >= 0.8)).mean())
    assert held[0] > 0.945 > held[1]


@pytest.mark.parametrize(("held", "n"), [(0, 12), (12, 12), (45, 50)])
def test_the_interval_of_a_share_is_scipys_exact_one(held: int, n: int) -> None:
    low, high = share_interval(np.array([held / n]), np.array([float(n)]))
    exact = binomtest(held, n).proportion_ci(0.95, method="exact")
    assert (low[0], high[0]) == pytest.approx((exact.low, exact.high))


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_any_share_is_scipys_exact_one(counts: tuple[int, int]) -> None:
    held, n = counts
    low, high = share_interval(np.array([held / n]), np.array([float(n)]), level=0.9)
    exact = binomtest(held, n).proportion_ci(0.9, method="exact")
    assert (low[0], high[0]) == pytest.approx((exact.low, exact.high))
