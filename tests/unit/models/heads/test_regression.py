import pytest
import torch

from visage.models.head import GenderHead, age_head
from visage.registry import UnknownMemberError


def test_the_posterior_of_a_point_has_its_mean() -> None:
    head = age_head("regression", 4, age_max=100)
    posterior = head.posterior(torch.tensor([0.0, 0.2537, 1.0]))
    assert posterior.shape == (3, 101)
    assert posterior.sum(dim=1).tolist() == pytest.approx([1, 1, 1])
    assert (posterior @ torch.arange(101.0)).tolist() == pytest.approx([0, 25.37, 100], abs=1e-4)


def test_ages_outside_the_grid_are_clamped_to_it() -> None:
    head = age_head("regression", 4, age_max=100)
    means = head.posterior(torch.tensor([-0.5, 1.7])) @ torch.arange(101.0)
    assert means.tolist() == pytest.approx([0, 100])


def test_the_loss_is_smooth_l1_of_ages_scaled_to_one() -> None:
    head = age_head("regression", 4, age_max=100)
    raw, age = torch.tensor([0.3, 1.9]), torch.tensor([50.0, 40.0])
    expected = (0.5 * 0.2**2 + (1.5 - 0.5)) / 2  # quadratic below 1, linear from there
    assert head.loss(raw, age).item() == pytest.approx(expected)


def test_an_unknown_head_is_refused() -> None:
    with pytest.raises(UnknownMemberError, match="model.age_head: .*did you mean regression"):
        age_head("regresion", 4, age_max=100)


def test_the_gender_loss_weights_men() -> None:
    head = GenderHead(2, pos_weight=1.1)
    logits = torch.tensor([0.3, -0.2])
    expected = -(1.1 * torch.sigmoid(logits[0]).log() + (1 - torch.sigmoid(logits[1])).log()) / 2
    assert head.loss(logits, torch.tensor([1, 0])).item() == pytest.approx(expected.item())
