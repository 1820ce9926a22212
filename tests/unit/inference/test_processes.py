"""What one process alone tells itself, and what two tell each other."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from visage.inference.machine import Machine
from visage.inference.processes import (
    any_of,
    gathered,
    gathered_by_first,
    sum_gradients,
    summed,
    wait,
)


def work(on: Machine) -> dict[str, Any]:
    """Returns what each function gave to this process; the first one's own value is 1, else 2."""
    own = torch.tensor([1.0 + on.rank, 5.0], requires_grad=True)
    total = summed(own, on=on)
    (total * torch.tensor([10.0, 1.0 + on.rank])).sum().backward()
    parameters = [nn.Parameter(torch.zeros(2, 3)), nn.Parameter(torch.zeros(4))]
    parameters[0].grad = torch.full((2, 3), 1.0 + on.rank).t().contiguous().t()
    sum_gradients(parameters, on=on)
    wait(on)
    assert own.grad is not None
    return {
        "rank": on.rank,
        "is first": on.is_first,
        "processes": on.processes,
        "summed": total.tolist(),
        "gradient of the sum": own.grad.tolist(),
        "gradients": parameters[0].grad.unique().tolist(),
        "without gradient": parameters[1].grad is None,
        "gathered": gathered({"of": on.rank, "nothing": None}, on=on),
        "nothing gathered": gathered(None, on=on),
        "gathered by first": gathered_by_first(on.rank, on=on),
        "any": [any_of(bool(on.rank), on=on), any_of(False, on=on)],
    }


@pytest.fixture(scope="module")
def told(two_processes: Callable[..., list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return two_processes(work)


def test_one_process_alone_keeps_its_values() -> None:
    assert work(Machine(torch.device("cpu"), 0)) == {
        "rank": 0,
        "is first": True,
        "processes": 1,
        "summed": [1.0, 5.0],
        "gradient of the sum": [10.0, 1.0],
        "gradients": [1.0],
        "without gradient": True,
        "gathered": [{"of": 0, "nothing": None}],
        "nothing gathered": [None],
        "gathered by first": [0],
        "any": [False, False],
    }


def test_each_process_knows_its_place(told: list[dict[str, Any]]) -> None:
    assert [one["rank"] for one in told] == [0, 1]
    assert [one["is first"] for one in told] == [True, False]
    assert [one["processes"] for one in told] == [2, 2]


def test_sums_and_their_gradients_are_those_of_both(told: list[dict[str, Any]]) -> None:
    for one in told:
        assert one["summed"] == [3.0, 10.0]
        assert one["gradient of the sum"] == [20.0, 3.0]


def test_gradients_become_their_sum_where_there_are_some(told: list[dict[str, Any]]) -> None:
    assert [one["gradients"] for one in told] == [[3.0], [3.0]]
    assert all(one["without gradient"] for one in told)


def test_values_are_gathered_in_the_order_of_ranks(told: list[dict[str, Any]]) -> None:
    for one in told:
        assert one["gathered"] == [{"of": rank, "nothing": None} for rank in (0, 1)]
        assert one["nothing gathered"] == [None, None]


def test_the_first_alone_gathers_what_is_large(told: list[dict[str, Any]]) -> None:
    assert [one["gathered by first"] for one in told] == [[0, 1], []]


def test_a_flag_of_one_is_seen_by_both(told: list[dict[str, Any]]) -> None:
    assert [one["any"] for one in told] == [[True, False]] * 2
