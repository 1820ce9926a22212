import pytest
import torch

from visage.training.schedule import rate_factor


def test_the_rate_rises_linearly_to_its_peak() -> None:
    factors = [rate_factor(step, warmup_steps=4, total_steps=20) for step in range(5)]
    assert factors == pytest.approx([0.25, 0.5, 0.75, 1, 1])


def test_the_rate_then_falls_as_torchs_cosine() -> None:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    reference = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=16)
    for step in range(4, 20):
        found = rate_factor(step, warmup_steps=4, total_steps=20)
        assert found == pytest.approx(reference.get_last_lr()[0])
        optimizer.step()
        reference.step()


def test_without_warmup_the_rate_starts_at_its_peak() -> None:
    assert rate_factor(0, warmup_steps=0, total_steps=10) == 1
