import pytest
import torch

from visage.inference.machine import Machine
from visage.params.train import Amp
from visage.training.precision import Stepper, autocast

CPU = torch.device("cpu")


def stepper(parameter: torch.Tensor, *, amp: Amp, clip: float = 1.0) -> Stepper:
    return Stepper(
        torch.optim.SGD([parameter], lr=1.0), amp=amp, on=Machine(CPU, 0), clip_grad_norm=clip
    )


@pytest.mark.parametrize("amp", ["off", "bf16", "fp16"])
def test_the_step_has_the_clipped_gradients_length(amp: Amp) -> None:
    parameter = torch.zeros(1, requires_grad=True)
    taking = stepper(parameter, amp=amp, clip=0.5)
    taking.gather((parameter * 10).sum(), share=1)
    taking.step()
    assert parameter.item() == pytest.approx(-0.5, rel=1e-4)


def test_an_overflow_under_fp16_skips_the_step_and_lowers_the_scale() -> None:
    parameter = torch.zeros(1, requires_grad=True)
    step = stepper(parameter, amp="fp16")
    before = step.scaler.get_scale()
    step.gather((parameter * torch.inf).sum().nan_to_num(nan=0.0) + parameter.sum() * 3e38, share=1)
    step.step()
    assert parameter.item() == 0
    assert step.scaler.get_scale() < before


@pytest.mark.parametrize(("amp", "dtype"), [("bf16", torch.bfloat16), ("fp16", torch.float16)])
def test_autocast_computes_in_the_named_precision(amp: Amp, dtype: torch.dtype) -> None:
    with autocast(amp, CPU):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == dtype


def test_off_computes_in_full_precision() -> None:
    with autocast("off", CPU):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32


def test_two_halves_of_a_step_are_one_step() -> None:
    whole, halves = (torch.zeros(1, requires_grad=True) for _ in range(2))
    images = torch.tensor([0.1, 0.2, 0.3, 0.4])
    one, two = stepper(whole, amp="off"), stepper(halves, amp="off")
    one.gather((whole * images).mean(), share=1)
    for half in images.split(2):
        two.gather((halves * half).mean(), share=0.5)
    one.step()
    two.step()
    assert halves.item() == pytest.approx(whole.item())
