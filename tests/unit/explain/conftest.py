"""Toy networks whose maps are known, and the tiny models of timm."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from visage.codes import Task
from visage.explain.mapped import show_map
from visage.explain.maps import grad_cam, output_of
from visage.inference.predictor import Predictor
from visage.models.backbone import Normalisation
from visage.models.network import Network, NetworkSpec

BOTH = (Task.AGE, Task.GENDER)
SIZE = 96  # pixels; 3 by 3 fields after five halvings


def make(
    backbone: str = "test_resnet",
    *,
    head: str = "distribution",
    tasks: tuple[Task, ...] = BOTH,
    size: int = SIZE,
    pool: str = "average",
) -> Network:
    plain = Normalisation((0.5, 0.4, 0.3), (0.2, 0.2, 0.2))
    spec = NetworkSpec(backbone, {}, 0.0, tasks, head, 100, (8,), 0.0, size, plain, pool)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return Predictor(Network(spec), (), device=torch.device("cpu")).network


@pytest.fixture
def network() -> Callable[..., Network]:
    """Returns a function that makes a network as `infer` runs it, random but always the same."""
    return make


@pytest.fixture
def image() -> Tensor:
    """Returns pixels (1, 3, SIZE, SIZE) with more than one thing on them."""
    coarse = torch.rand(1, 3, 6, 6, generator=torch.Generator().manual_seed(2)) * 255
    return nn.functional.interpolate(coarse, size=(SIZE, SIZE), mode="bilinear").round()


@pytest.fixture
def cam_of(image: Tensor) -> Callable[[Network, Task], Tensor]:
    """Returns a function that gives a network's Grad-CAM of that image."""

    def cam(network: Network, task: Task) -> Tensor:
        return torch.from_numpy(grad_cam(output_of(network, task), show_map(network, image), image))

    return cam
