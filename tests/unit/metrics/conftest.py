"""Generated truth and estimates for 400 images, every fourth a near-duplicate of the one before."""

import numpy as np
import pytest

from visage.estimates import Estimates, Labels


@pytest.fixture
def truth() -> Labels:
    generator = np.random.default_rng(0)
    return Labels(
        id=np.array([f"{row:04d}" for row in range(400)], dtype=object),
        age=generator.integers(0, 101, 400).astype(np.float64),
        gender=generator.integers(0, 2, 400),
        group=np.arange(400) - (np.arange(400) % 4 == 3),
    )


@pytest.fixture
def guess(truth: Labels) -> Estimates:
    generator = np.random.default_rng(1)
    age = np.clip(truth.age + generator.normal(1, 6, 400), 0, 100)
    probability = np.clip(0.5 + 0.3 * (2 * truth.gender - 1) + generator.normal(0, 0.3, 400), 0, 1)
    return Estimates(
        age=age,
        age_median=np.round(age),
        age_low=age - 10,
        age_high=age + 10,
        age_coverage=0.9,
        gender=(probability >= 0.4).astype(np.int64),
        gender_at_half=(probability >= 0.5).astype(np.int64),
        male_probability=probability,
        male_probability_raw=probability**2,
    )
