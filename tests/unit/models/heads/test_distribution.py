"""The distribution head: its posterior, its loss, and labels as distributions."""

import pytest
import torch
from torch.distributions import Normal

from visage.models.head import age_head
from visage.models.label_distribution import label_distribution

GRID = torch.arange(101.0)


def exact(*ages: float) -> torch.Tensor:
    return torch.tensor([[age, age] for age in ages])


def logits(ages: torch.Tensor) -> torch.Tensor:
    """Raw outputs whose posterior is the label's own distribution."""
    return label_distribution(ages, age_max=100, sigma_years=2.0).clamp(1e-30).log()


def test_the_posterior_is_the_softmax_of_the_logits() -> None:
    raw = torch.randn(3, 101, generator=torch.Generator().manual_seed(1))
    posterior = age_head("distribution", 4, age_max=100).posterior(raw)
    assert torch.allclose(posterior, raw.exp() / raw.exp().sum(dim=1, keepdim=True))


def test_a_single_age_becomes_nearly_a_gaussian() -> None:
    found = label_distribution(exact(40.0), age_max=100, sigma_years=2.0)
    gaussian = Normal(40.0, 2.0).log_prob(GRID).exp()
    assert torch.allclose(found[0], gaussian / gaussian.sum(), atol=0.005)


@pytest.mark.parametrize("age", [0.0, 33.3, 100.0])
def test_label_distributions_sum_to_one_up_to_the_ends_of_the_grid(age: float) -> None:
    found = label_distribution(exact(age), age_max=100, sigma_years=2.0)
    assert found.sum().item() == pytest.approx(1, abs=1e-5)
    assert found.argmax().item() == pytest.approx(age, abs=1)


def test_a_range_is_flat_inside_and_empty_far_outside() -> None:
    ages = torch.tensor([[20.0, 39.0]])
    found = label_distribution(ages, age_max=100, sigma_years=1.0)[0]
    assert found[24:36].tolist() == pytest.approx([1 / 20] * 12, rel=1e-3)
    assert (found @ GRID).item() == pytest.approx(29.5, abs=1e-3)
    assert found[:15].sum() + found[45:].sum() < 1e-4


def test_the_loss_is_least_at_the_label() -> None:
    head = age_head("distribution", 4, age_max=100)
    found = [head.loss(logits(exact(age)), exact(40.0)) for age in (30.0, 38.0, 40.0, 43.0)]
    assert min(found) == found[2]
    assert found[2].item() == pytest.approx(0, abs=1e-3)


def test_the_loss_is_divergence_and_scaled_error_of_the_expected_age() -> None:
    head = age_head("distribution", 4, age_max=100, label_sigma_years=3.0)
    raw = torch.randn(2, 101, generator=torch.Generator().manual_seed(2))
    target = label_distribution(exact(20.0, 70.0), age_max=100, sigma_years=3.0).double()
    posterior = raw.double().softmax(dim=1)
    terms = torch.where(target > 0, target * (target.log() - posterior.log()), 0.0)
    error = (posterior @ GRID.double() - torch.tensor([20.0, 70.0])).abs() / 10
    expected = (terms.sum(dim=1) + error).tolist()
    assert head.loss(raw, exact(20.0, 70.0)).tolist() == pytest.approx(expected, rel=1e-4)


def test_a_range_pulls_to_none_of_its_ages() -> None:
    head = age_head("distribution", 4, age_max=100)
    ages = torch.tensor([[20.0, 29.0]])
    assert head.loss(logits(ages), ages) < head.loss(logits(exact(24.5)), ages)
