"""The ordinal head: its posterior, and its loss against CORN written down as in the paper."""

import math

import pytest
import torch

from visage.models.head import age_head
from visage.models.heads.ordinal import CROSS_ENTROPY_UNIT

GRID = torch.arange(101.0)


def exact(*ages: float) -> torch.Tensor:
    return torch.tensor([[age, age] for age in ages])


def logits(n: int, *, seed: int = 1, spread: float = 2.0) -> torch.Tensor:
    return spread * torch.randn(n, 100, generator=torch.Generator().manual_seed(seed))


def corn(raw: torch.Tensor, ages: list[int]) -> float:
    """Returns the loss of a batch, task by task, each on its conditional subset."""
    summed, pairs = 0.0, 0
    for task in range(raw.shape[1]):
        for row, age in enumerate(ages):
            if age > task - 1:
                probability = 1 / (1 + math.exp(-float(raw[row, task])))
                summed -= math.log(probability if age > task else 1 - probability)
                pairs += 1
    return summed / pairs


def test_the_loss_is_corns_up_to_its_divisor() -> None:
    raw, ages = logits(6), [0, 1, 20, 57, 99, 100]
    found = age_head("ordinal", 4, age_max=100).loss(raw, exact(*ages)).sum().item()
    pairs = sum(min(age + 1, 100) for age in ages)
    assert found * CROSS_ENTROPY_UNIT / pairs == pytest.approx(corn(raw, ages), rel=1e-5)


def test_the_loss_is_the_cross_entropy_of_the_posterior() -> None:
    head, raw = age_head("ordinal", 4, age_max=100), 4 + logits(4)  # some reach 100
    likelihood = head.posterior(raw)[range(4), [0, 3, 41, 100]]
    expected = -likelihood.log() / CROSS_ENTROPY_UNIT
    assert torch.allclose(head.loss(raw, exact(0, 3, 41, 100)), expected, rtol=1e-5)


def test_the_posterior_is_the_product_of_conditional_probabilities() -> None:
    raw = logits(2).double()
    survival = raw.sigmoid().cumprod(dim=1)
    ends = torch.zeros(2, 1)
    expected = torch.cat([ends + 1, survival], dim=1) - torch.cat([survival, ends], dim=1)
    found = age_head("ordinal", 4, age_max=100).posterior(raw)
    assert torch.allclose(found.double(), expected, atol=1e-6)


@pytest.mark.parametrize("spread", [0.0, 3.0, 30.0, 1000.0])
def test_posteriors_sum_to_one_and_survival_falls(spread: float) -> None:
    posterior = age_head("ordinal", 4, age_max=100).posterior(logits(20, spread=spread))
    assert posterior.shape == (20, 101)
    assert posterior.sum(dim=1).tolist() == pytest.approx([1] * 20, abs=1e-5)
    assert posterior.min() >= 0  # so that the probability of being older never rises with the age


@pytest.mark.parametrize("logit", [-1e4, 1e4])
def test_extreme_logits_give_finite_losses_and_gradients(logit: float) -> None:
    raw = torch.full((3, 100), logit, requires_grad=True)
    loss = age_head("ordinal", 4, age_max=100).loss(raw, exact(0, 50, 100))
    loss.sum().backward()
    assert torch.isfinite(loss).all()
    assert torch.isfinite(raw.grad).all()


def test_tasks_beyond_the_age_are_left_alone() -> None:
    raw = logits(1).requires_grad_()
    age_head("ordinal", 4, age_max=100).loss(raw, exact(30)).sum().backward()
    assert (raw.grad[0, :31] != 0).all()
    assert (raw.grad[0, 31:] == 0).all()


def test_the_loss_of_a_range_is_the_mean_over_it() -> None:
    head, raw = age_head("ordinal", 4, age_max=100), logits(1)
    single = torch.cat([head.loss(raw, exact(age)) for age in range(20, 30)]).mean()
    assert head.loss(raw, torch.tensor([[20.0, 29.0]])).item() == pytest.approx(single.item())


def test_a_fraction_of_a_year_lies_between_its_neighbours() -> None:
    head, raw = age_head("ordinal", 4, age_max=100), logits(1)
    expected = 0.7 * head.loss(raw, exact(33)) + 0.3 * head.loss(raw, exact(34))
    assert head.loss(raw, exact(33.3)).item() == pytest.approx(expected.item(), rel=1e-4)


def test_it_learns_the_distribution_of_its_labels() -> None:
    head = age_head("ordinal", 1, age_max=100)
    ages = torch.tensor([20.0] * 30 + [25.0] * 10)[:, None].expand(40, 2)
    optimizer = torch.optim.Adam(head.parameters(), 0.3)
    for _ in range(300):
        optimizer.zero_grad()
        head.loss(head(torch.zeros(40, 1)), ages).mean().backward()
        optimizer.step()
    posterior = head.posterior(head(torch.zeros(1, 1)))[0]
    assert [posterior[20].item(), posterior[25].item()] == pytest.approx([0.75, 0.25], abs=0.02)
