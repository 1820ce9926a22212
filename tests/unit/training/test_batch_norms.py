"""Batch norms whose batch lies in two processes compute what one would."""

from collections.abc import Callable
from typing import Any

import pytest
import timm
import torch
from torch import nn

from visage.inference.machine import Machine
from visage.inference.processes import gathered, sum_gradients
from visage.models.folding import fold
from visage.training.batch_norms import share_statistics

NAMES = ("test_resnet", "test_efficientnet")  # the latter's norms have their activations inside
IMAGES = 7  # the first process has four of them
ALONE = Machine(torch.device("cpu"), 0)


def network(name: str, *, on: Machine) -> nn.Module:
    torch.manual_seed(0)
    made = timm.create_model(name, pretrained=False, num_classes=0)
    made.append = nn.BatchNorm1d(made.num_features, momentum=None)
    body = made.forward_head
    made.forward_head = lambda x: made.append(body(x))
    fold(made, image_size=32)
    share_statistics(made, on=on)
    return made.double().train()


def trained(name: str, on: Machine) -> dict[str, list[float]]:
    """Returns outputs, gradients and running statistics behind a step, and what is predicted."""
    made = network(name, on=on)
    torch.manual_seed(1)
    images = torch.randn(IMAGES, 3, 32, 32).double()
    wanted = torch.randn(IMAGES, made.num_features).double()
    share = slice(on.rank, None, on.processes)
    outputs = made(images[share])
    ((outputs - wanted[share]) ** 2).sum().backward()
    sum_gradients(made.parameters(), on=on)
    whole = torch.zeros_like(wanted)
    for rank, rows in enumerate(gathered(outputs.detach(), on=on)):
        whole[rank :: on.processes] = rows
    gradients = {f"d {key}": p.grad for key, p in made.named_parameters() if p.grad is not None}
    predicted = made.eval()(images).detach()
    found = {"outputs": whole, "predicted": predicted, **gradients, **dict(made.named_buffers())}
    return {key: value.double().flatten().tolist() for key, value in found.items()}


def work(on: Machine) -> dict[str, dict[str, list[float]]]:
    return {name: trained(name, on) for name in NAMES}


@pytest.fixture(scope="module")
def together(two_processes: Callable[..., list[Any]]) -> list[Any]:
    return two_processes(work)


@pytest.mark.parametrize("name", NAMES)
def test_two_processes_compute_what_one_does(name: str, together: list[Any]) -> None:
    alone = trained(name, ALONE)
    assert any(key.endswith("running_var") for key in alone)
    for one in together:
        assert one[name].keys() == alone.keys()
        for key, expected in alone.items():
            assert one[name][key] == pytest.approx(expected, rel=1e-9, abs=1e-9), key


def test_both_processes_have_the_same_statistics_to_the_bit(together: list[Any]) -> None:
    first, second = together
    assert first == second


def test_shares_alone_would_give_other_outputs(together: list[Any]) -> None:
    made = network("test_resnet", on=ALONE)
    torch.manual_seed(1)
    images = torch.randn(IMAGES, 3, 32, 32).double()
    expected = together[0]["test_resnet"]["outputs"][: made.num_features]
    assert made(images[::2])[0].tolist() != pytest.approx(expected, rel=1e-2, abs=1e-2)
