import pytest
import timm
import torch
from torch import nn

from visage.models.layers import layer_groups


@pytest.mark.parametrize(
    "name", ["test_resnet", "test_efficientnet", "test_convnext", "test_vit", "vgg11_bn"]
)
def test_each_parameter_is_in_one_group(name: str) -> None:
    backbone = timm.create_model(name, num_classes=0)
    found = [parameter for group in layer_groups(backbone) for parameter in group]
    assert sorted(found) == sorted(dict(backbone.named_parameters()))


def test_groups_go_from_the_stem_to_the_last_stage() -> None:
    groups = layer_groups(timm.create_model("test_resnet", num_classes=0))
    assert [group[0].partition(".")[0] for group in groups] == [
        "conv1",
        "layer1",
        "layer2",
        "layer3",
        "layer4",
    ]


def test_a_trailing_norm_is_part_of_the_last_stage() -> None:
    last = layer_groups(timm.create_model("test_convnext", num_classes=0))[-1]
    assert any(name.startswith("stages.") for name in last)
    assert "head.norm.weight" in last


def test_a_model_without_a_division_is_one_group() -> None:
    assert layer_groups(nn.Linear(2, 3)) == [["weight", "bias"]]


def test_vgg_has_a_group_for_each_block_and_its_hidden_layers_thaw_last() -> None:
    with torch.device("meta"):
        groups = layer_groups(timm.create_model("vgg16", num_classes=0))
    assert groups[-1] == [
        f"features.{place}.{kind}" for place in (24, 26, 28) for kind in ("weight", "bias")
    ]
    assert len(groups) == 5
    assert [name for name in groups[0] if name.startswith("pre_logits")] == [
        f"pre_logits.{layer}.{kind}" for layer in ("fc1", "fc2") for kind in ("weight", "bias")
    ]
