"""The weighted quantile against its definition, score by score."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visage.posterior.conformal import needed, upper

grouped = st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=5), min_size=9, max_size=40)


@given(grouped, st.sampled_from([1, 5, 7, 9]))
def test_the_quantile_is_the_one_of_lee_barber_and_willett(scores: list[list[int]], n: int) -> None:
    """Each score weighs 1 / ((G + 1) * size of its group), infinity 1 / (G + 1)."""
    coverage = Fraction(n, 10)
    weighed = sorted((score, Fraction(1, len(one))) for one in scores for score in one)
    total, expected = Fraction(0), None
    for score, weight in weighed:
        total += weight / (len(scores) + 1)
        if expected is None and total >= coverage:
            expected = score
    group = np.repeat(np.arange(len(scores)), [len(one) for one in scores])
    found = upper(np.concatenate(scores).astype(np.float64), group, coverage=float(coverage))
    assert found == expected


@pytest.mark.parametrize(("coverage", "n"), [(0.9, 9), (0.95, 19), (0.5, 1), (0.99, 99)])
def test_a_promise_needs_so_many_groups(coverage: float, n: int) -> None:
    assert needed(coverage) == n
