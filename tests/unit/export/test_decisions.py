"""Tensor arithmetic against posterior.estimate, for whatever a model may say."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from visage.codes import Task
from visage.export.decisions import AgeDecision, GenderDecision
from visage.posterior.decision import AgeIntervals, AgeLevel, Baseline, Decision, DecisionError
from visage.posterior.estimate import estimate

SEEDS, SHARES = st.integers(0, 2**32 - 1), st.floats(0, 1, width=32)


def decision(**change: object) -> Decision:
    fitted = {
        "tasks": (Task.AGE, Task.GENDER),
        "n": 10,
        "gender_threshold": 0.4,
        "gender_temperature": 2.0,
        "age_intervals": AgeIntervals((4.0,), (AgeLevel(0.9, (0.5, 1.5), 2.5),), 0),
        "baseline": Baseline(30.0, 1),
    }
    return Decision(**{**fitted, **change})


def posteriors(seed: int, *, views: int, concentration: float) -> np.ndarray:
    """Returns posteriors of 5 images, (V, 5, 11), flat to nearly certain."""
    drawn = np.random.default_rng(seed).dirichlet(np.full(11, concentration), (views, 5))
    return drawn.astype(np.float32)


@given(seed=SEEDS, views=st.integers(1, 3), concentration=st.floats(0.05, 20))
def test_ages_are_those_of_the_reference(seed: int, views: int, concentration: float) -> None:
    of_views = posteriors(seed, views=views, concentration=concentration)
    mean = of_views.mean(axis=0, dtype=np.float64)
    mean /= mean.sum(axis=1, keepdims=True)
    expected = estimate(mean, None, decision=decision())
    age, low, high, posterior = AgeDecision(decision(), age_max=10)(torch.from_numpy(of_views))
    for found, wanted in (
        (age, expected.age),
        (low, expected.age_low),
        (high, expected.age_high),
        (posterior, mean),
    ):
        assert found.numpy() == pytest.approx(wanted, abs=1e-6)


@given(
    values=st.lists(st.lists(SHARES, min_size=2, max_size=2), min_size=1, max_size=3),
    threshold=st.floats(0.05, 0.95),
    temperature=st.floats(0.1, 10),
)
def test_genders_are_those_of_the_reference(
    values: list[list[float]], threshold: float, temperature: float
) -> None:
    fitted = decision(gender_threshold=threshold, gender_temperature=temperature)
    of_views = np.array(values, np.float32)
    expected = estimate(None, of_views.mean(axis=0, dtype=np.float64), decision=fitted)
    gender, male = GenderDecision(fitted)(torch.from_numpy(of_views))
    assert male.numpy() == pytest.approx(expected.male_probability, abs=1e-6)
    clear = np.abs(expected.male_probability - threshold) > 1e-9
    assert (gender.numpy() == expected.gender)[clear].all()


def test_a_probability_at_the_threshold_is_male() -> None:
    fitted = decision(gender_threshold=0.5, gender_temperature=1.0)
    gender, _ = GenderDecision(fitted)(torch.tensor([[0.5, 0.4999]]))
    assert gender.tolist() == [1, 0]


@pytest.mark.parametrize(
    "made",
    [
        lambda: AgeDecision(decision(age_intervals=None), age_max=10),
        lambda: GenderDecision(decision(gender_threshold=None)),
    ],
)
def test_a_decision_without_the_task_is_refused(made) -> None:
    with pytest.raises(DecisionError, match="dvc repro"):
        made()
