from dataclasses import replace
from typing import Any

import pytest
import torch

from visage.codes import Task
from visage.models.backbone import Normalisation
from visage.models.network import Network, NetworkSpec
from visage.optim.optimizer import PEAK, optimizer
from visage.params.train import Optimizer


@pytest.fixture
def network() -> Network:
    plain = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    tasks = (Task.AGE, Task.GENDER)
    return Network(
        NetworkSpec("test_resnet", {}, 0.0, tasks, "distribution", 100, (8,), 0.0, 32, plain)
    )


def groups(network: Network, name: Optimizer = "adamw", **changes: Any) -> list[dict[str, Any]]:
    facts: dict[str, Any] = {
        "lr": 1.0,
        "weight_decay": 0.1,
        "layer_decay": 1.0,
        "head_lr_factor": 1.0,
        "others": [],
    }
    found: list[dict[str, Any]] = optimizer(name, network, **{**facts, **changes}).param_groups
    return found


def rate_of(found: list[dict[str, Any]], parameter: torch.Tensor) -> float:
    rates = [group["lr"] for group in found if any(parameter is p for p in group["params"])]
    assert len(rates) == 1
    return float(rates[0])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("adamw", torch.optim.AdamW), ("adam", torch.optim.Adam), ("sgd", torch.optim.SGD)],
)
def test_the_optimiser_is_the_named_one(network: Network, name: Optimizer, kind: type) -> None:
    made = optimizer(
        name, network, lr=1, weight_decay=0, layer_decay=1, head_lr_factor=1, others=[]
    )
    assert type(made) is kind


def test_each_parameter_learns_once(network: Network) -> None:
    found = [id(p) for group in groups(network, layer_decay=0.5) for p in group["params"]]
    assert sorted(found) == sorted(id(p) for p in network.parameters())


def test_norms_and_biases_are_not_decayed(network: Network) -> None:
    decays = {
        (group["weight_decay"], p.ndim > 1) for group in groups(network) for p in group["params"]
    }
    assert decays == {(0.1, True), (0.0, False)}


def test_rates_fall_from_the_last_stage_to_the_stem(network: Network) -> None:
    found = groups(network, layer_decay=0.5)
    named = dict(network.backbone.named_parameters())
    assert rate_of(found, named["layer4.0.conv1.weight"]) == 1
    assert rate_of(found, named["layer3.0.conv1.weight"]) == 0.5
    assert rate_of(found, named["conv1.0.weight"]) == 0.5**4


def test_heads_have_a_rate_of_their_own(network: Network) -> None:
    found = groups(network, head_lr_factor=10.0)
    assert rate_of(found, network.age.linear.weight) == 10
    assert rate_of(found, network.mlp[0][0].weight) == 10
    assert rate_of(found, next(network.backbone.parameters())) == 1


def test_a_pool_that_learns_has_the_heads_rate(network: Network) -> None:
    made = Network(replace(network.spec, image_size=64, pool="attention"))
    found = groups(made, head_lr_factor=10.0, layer_decay=0.5)
    assert rate_of(found, made.get_parameter("pool.scores")) == 10


def test_parameters_of_the_loss_learn_without_decay(network: Network) -> None:
    extra = torch.nn.Parameter(torch.zeros(2))
    found = groups(network, others=[extra])
    assert [
        group["weight_decay"] for group in found if any(extra is p for p in group["params"])
    ] == [0]


def test_a_schedule_finds_the_peak_of_each_group(network: Network) -> None:
    assert all(group[PEAK] == group["lr"] for group in groups(network, layer_decay=0.7))
