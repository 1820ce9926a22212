"""The interval in a file is that of posterior.estimate."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from visage.codes import Task
from visage.export.interval import age_interval
from visage.posterior.decision import AgeIntervals, AgeLevel, Baseline, Decision
from visage.posterior.estimate import estimate

COVERAGES = (0.5, 0.8, 0.9)


def fitted(edges: list[float], levels: int, *, generator: np.random.Generator) -> AgeIntervals:
    """Returns intervals with any margins, also such that draw an interval in."""
    made = [
        AgeLevel(coverage, tuple(generator.normal(1, 4, len(edges) + 1)), 9.0)
        for coverage in COVERAGES[:levels]
    ]
    return AgeIntervals(tuple(sorted(edges)), tuple(made), shown=int(generator.integers(levels)))


@given(
    seed=st.integers(0, 2**32 - 1),
    edges=st.lists(st.sampled_from([10.0, 20.0, 40.0, 60.0]), unique=True),
    levels=st.integers(1, 3),
    concentration=st.floats(0.02, 5),
)
def test_the_interval_is_that_of_the_reference(
    seed: int, edges: list[float], levels: int, concentration: float
) -> None:
    generator = np.random.default_rng(seed)
    posterior = generator.dirichlet(np.full(101, concentration), 4)
    intervals = fitted(edges, levels, generator=generator)
    decision = Decision((Task.AGE,), 10, None, None, intervals, Baseline(30.0, None))
    expected = estimate(posterior, None, decision=decision)
    assert expected.age is not None
    found = age_interval(
        torch.from_numpy(posterior), torch.from_numpy(expected.age), intervals=intervals
    )
    assert found[0].numpy() == pytest.approx(expected.age_low, abs=1e-6)
    assert found[1].numpy() == pytest.approx(expected.age_high, abs=1e-6)
