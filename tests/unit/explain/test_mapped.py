from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from visage.codes import Task
from visage.explain.mapped import NoMapError, map_axis, show_map
from visage.models.network import Network

Make = Callable[..., Network]


@pytest.mark.parametrize(
    "backbone",
    ["test_resnet", "test_efficientnet", "test_convnext", "test_byobnet", "test_mambaout"],
)
def test_a_backbone_that_shows_its_map_computes_the_same(
    network: Make, image: Tensor, backbone: str
) -> None:
    made = network(backbone)
    seen: list[torch.Size] = []
    with torch.no_grad():
        expected = made.features(image)
        layer = show_map(made, image)
        layer.register_forward_hook(lambda _layer, _inputs, output: seen.append(output.shape))
        found = made.features(image)
    assert torch.allclose(found, expected, atol=1e-5)
    assert seen == [(1, made.backbone.backbone.num_features, 3, 3)]


@pytest.mark.parametrize("backbone", ["test_resnet", "test_mambaout"])
def test_fields_that_attention_weighs_show_their_map(
    network: Make, image: Tensor, cam_of: Callable[[Network, Task], Tensor], backbone: str
) -> None:
    made = network(backbone, pool="attention")
    nn.init.normal_(made.get_parameter("pool.scores"), std=30)
    expected = made.features(image)
    cam = cam_of(made, Task.AGE)
    assert cam.shape == (3, 3)
    assert cam.abs().max() > 0
    assert torch.allclose(made.features(image), expected, atol=1e-5)


def test_a_transformer_has_no_map_and_stays_as_it_was(network: Make, image: Tensor) -> None:
    made = network("test_vit")
    before = made.backbone
    with pytest.raises(NoMapError, match="its last features are no map: 37 x 64"):
        show_map(made, image)
    assert made.backbone is before


def test_one_field_is_no_map(network: Make) -> None:
    made = network(size=32)
    with pytest.raises(NoMapError, match="one field at this image size"):
        show_map(made, torch.zeros(1, 3, 32, 32))


def test_a_backbone_that_computes_something_else_is_left_alone(
    network: Make, image: Tensor
) -> None:
    made = network()
    before = made.backbone
    before.forward_head = lambda features: features.amax(dim=(2, 3))
    before.forward = lambda images: before.forward_features(images).mean(dim=(2, 3))
    with pytest.raises(NoMapError, match="not made of its last feature map alone"):
        show_map(made, image)
    assert made.backbone is before


def test_channels_come_first_or_last() -> None:
    assert map_axis(torch.zeros(1, 8, 3, 2), 8) == 1
    assert map_axis(torch.zeros(1, 3, 2, 8), 8) == 3
