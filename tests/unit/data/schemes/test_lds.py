"""Label distribution smoothing against scipy, in the order of the authors' own code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.ndimage import convolve1d
from scipy.signal.windows import gaussian as window

from visage.data.age_bins import UNKNOWN
from visage.data.scheme import Labels
from visage.data.schemes import inverse, lds
from visage.params.weights import Lds, Weights

AGES = st.lists(st.floats(0, 100, width=32), min_size=1, max_size=60)
KERNELS = st.integers(0, 15).map(lambda half: 2 * half + 1)


def labels(ages: list[float]) -> Labels:
    """Returns the labels of women of these ages, in bins of one year."""
    age = np.array(ages)
    bins = np.where(np.isnan(age), UNKNOWN, np.floor(age)).astype(np.int64)
    return Labels(age_years=age, age_bin=bins, gender=np.zeros(len(age), np.int64))


def params(kernel_years: int, *, sigma: float = 2.0, power: float = 1.0) -> Weights:
    part = Lds(kernel_years=kernel_years, sigma_years=sigma, power=power)
    return Weights(scheme="lds", age_bin_years=1, max_ratio=None, lds=part)


def shares(weights: NDArray[np.float64]) -> list[float]:
    return (weights / weights.sum()).tolist()


def reference(ages: list[float], *, size: int, sigma: float, power: float) -> NDArray[np.float64]:
    """Returns weights made as in the authors' code, with scipy's Gaussian window."""
    counts = dict.fromkeys(range(121), 0.0)
    for age in ages:
        counts[int(age)] += 1
    roots = np.array([count**power for count in counts.values()])
    smooth = convolve1d(roots, weights=window(size, std=sigma), mode="constant")
    return np.array([1 / smooth[int(age)] for age in ages])


@given(ages=AGES, size=KERNELS, sigma=st.floats(0.5, 9), power=st.sampled_from([0.5, 1.0]))
def test_weights_are_those_of_the_authors_order_of_steps(
    ages: list[float], size: int, sigma: float, power: float
) -> None:
    found = lds.weigh(labels(ages), params(size, sigma=sigma, power=power))
    expected = reference(ages, size=size, sigma=sigma, power=power)
    assert shares(found) == pytest.approx(shares(expected))


@given(ages=st.lists(st.none() | st.floats(0, 100, width=32), min_size=1, max_size=60))
def test_a_kernel_of_one_year_is_inverse_in_bins_of_one_year(ages: list[float | None]) -> None:
    given_labels, single = labels([np.nan if age is None else age for age in ages]), params(1)
    found = lds.weigh(given_labels, single)
    assert found.tolist() == pytest.approx(inverse.weigh(given_labels, single).tolist())


def test_a_rare_year_between_common_ones_weighs_less_than_an_isolated_one() -> None:
    weights = lds.weigh(labels([20] * 9 + [21] + [22] * 9 + [80]), params(5))
    assert weights[9] < 0.5 * weights[-1]


def test_rows_without_an_age_are_not_smoothed_into_the_others() -> None:
    ages = [0.5, 1.5, 1.5]
    alone, beside = (lds.weigh(labels(ages + [np.nan] * n), params(5)) for n in (0, 4))
    assert beside.tolist() == [*alone.tolist(), *[0.25] * 4]


@pytest.mark.parametrize("size", [1, 3, 9])
def test_the_kernel_is_symmetric_with_sum_one(size: int) -> None:
    kernel = lds.gaussian(size, sigma=1.5)
    assert kernel.tolist() == kernel[::-1].tolist()
    assert kernel.sum() == pytest.approx(1)
