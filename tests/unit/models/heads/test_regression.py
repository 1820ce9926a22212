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
    assert head.loss(raw, age[:, None].expand(2, 2)).mean().item() == pytest.approx(expected)


def test_the_loss_may_count_errors_in_a_smaller_unit_than_the_output() -> None:
    head = age_head("regression", 4, age_max=90, regression_scale_years=10.0)
    raw, age = torch.tensor([0.5, 0.5]), torch.tensor([40.0, 20.0])  # 5 and 25 years too old
    expected = [0.5 * 0.5**2, 2.5 - 0.5]
    assert head.loss(raw, age[:, None].expand(2, 2)).tolist() == pytest.approx(expected)
    assert (head.posterior(raw) @ torch.arange(91.0)).tolist() == pytest.approx([45, 45])


def test_the_seeds_unit_changes_no_bit_of_the_loss() -> None:
    raw = torch.randn(50, generator=torch.Generator().manual_seed(1))
    ages = torch.arange(50.0)[:, None].expand(50, 2)
    head = age_head("regression", 4, age_max=100, regression_scale_years=100.0)
    plain = torch.nn.functional.smooth_l1_loss(raw, ages[:, 0] / 100, reduction="none")
    assert torch.equal(head.loss(raw, ages), plain)


def test_the_loss_of_a_range_is_the_mean_over_it_up_to_a_constant() -> None:
    head = age_head("regression", 4, age_max=100)
    raw = torch.tensor([0.31, 0.55])
    ages = torch.arange(20.0, 30.0)
    single = torch.stack([head.loss(raw, torch.full((2, 2), float(age))) for age in ages]).mean(0)
    ranged = head.loss(raw, torch.tensor([[20.0, 29.0]]).expand(2, 2))
    assert (single - ranged)[0].item() == pytest.approx((single - ranged)[1].item(), abs=1e-6)


def test_an_unknown_head_is_refused() -> None:
    with pytest.raises(UnknownMemberError, match="model.age_head: .*did you mean regression"):
        age_head("regresion", 4, age_max=100)


def test_the_gender_loss_weights_men() -> None:
    head = GenderHead(2, pos_weight=1.1)
    logits = torch.tensor([0.3, -0.2])
    expected = -(1.1 * torch.sigmoid(logits[0]).log() + (1 - torch.sigmoid(logits[1])).log()) / 2
    losses = head.loss(logits, torch.tensor([1, 0]))
    assert losses.mean().item() == pytest.approx(expected.item())
