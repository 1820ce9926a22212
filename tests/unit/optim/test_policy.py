import pytest
import timm
import torch
from timm.layers import DropPath
from torch import nn

from visage.models.layers import layer_groups
from visage.optim.policy import Freezer, policy


@pytest.fixture
def backbone() -> nn.Module:
    torch.manual_seed(0)
    return timm.create_model("test_resnet", num_classes=0)


def freezer(
    backbone: nn.Module,
    name: str,
    *,
    frozen_stages: int = 0,
    epochs: int = 8,
    norms_after: int | None = None,
) -> Freezer:
    return Freezer(
        backbone, name=name, frozen_stages=frozen_stages, epochs=epochs, norms_after=norms_after
    )


def trained(backbone: nn.Module) -> set[str]:
    return {name for name, weight in backbone.named_parameters() if weight.requires_grad}


@pytest.mark.parametrize(
    ("name", "first"), [("full", [0] * 4), ("head_only", [5] * 4), ("last_block", [4] * 4)]
)
def test_fixed_policies_are_the_same_in_all_epochs(name: str, first: list[int]) -> None:
    assert [policy(name)(5, epoch=epoch, epochs=4) for epoch in range(1, 5)] == first


def test_gradual_thaws_from_the_heads_to_the_stem_in_half_of_the_epochs() -> None:
    found = [policy("gradual")(5, epoch=epoch, epochs=10) for epoch in range(1, 11)]
    assert found == [5, 4, 3, 2, 1, 0, 0, 0, 0, 0]


def test_the_last_block_is_all_that_learns_of_the_backbone(backbone: nn.Module) -> None:
    freezer(backbone, "last_block").apply(1)
    assert trained(backbone) == set(layer_groups(backbone)[-1])


def test_frozen_stages_stay_under_every_policy(backbone: nn.Module) -> None:
    freezer(backbone, "full", frozen_stages=2).apply(1)
    stem, first, *rest = layer_groups(backbone)
    assert trained(backbone) == {name for group in rest for name in group}
    assert not trained(backbone) & {*stem, *first}


@pytest.mark.parametrize(("epoch", "still"), [(2, False), (3, True)])
def test_norms_stand_still_later_and_are_trained_on(
    backbone: nn.Module, epoch: int, still: bool
) -> None:
    before = {name: value.clone() for name, value in backbone.named_buffers()}
    freezer(backbone.train(), "full", norms_after=2).apply(epoch)
    backbone(torch.rand(4, 3, 32, 32))
    assert all(value.equal(before[name]) for name, value in backbone.named_buffers()) == still
    assert all(parameter.requires_grad for parameter in backbone.parameters())


def test_a_frozen_batch_norm_keeps_its_statistics(backbone: nn.Module) -> None:
    before = {name: value.clone() for name, value in backbone.named_buffers()}
    freezer(backbone.train(), "last_block").apply(1)
    backbone(torch.rand(4, 3, 32, 32))
    moved = {name for name, value in backbone.named_buffers() if not value.equal(before[name])}
    assert moved
    assert all(name.startswith("layer4.") for name in moved)


@pytest.mark.parametrize(("name", "left"), [("full", 3), ("last_block", 1), ("head_only", 0)])
def test_a_frozen_blocks_drop_path_is_off(name: str, left: int) -> None:
    backbone = timm.create_model("test_resnet", num_classes=0, drop_path_rate=0.5)
    freezer(backbone.train(), name).apply(1)
    active = [m for m in backbone.modules() if isinstance(m, DropPath) and m.training]
    assert len(active) == left


@pytest.mark.parametrize(("name", "active"), [("last_block", {"head.drop"}), ("head_only", set())])
def test_the_dropout_between_vggs_frozen_hidden_layers_is_off(name: str, active: set[str]) -> None:
    with torch.device("meta"):
        backbone = timm.create_model("vgg16", num_classes=0, drop_rate=0.5)
    freezer(backbone.train(), name).apply(1)
    drops = {n: m for n, m in backbone.named_modules() if isinstance(m, nn.Dropout) and m.p > 0}
    assert drops.keys() == {"pre_logits.drop", "head.drop"}
    assert {n for n, module in drops.items() if module.training} == active


def test_what_is_thawed_learns_again(backbone: nn.Module) -> None:
    made = freezer(backbone, "gradual", epochs=2)
    made.apply(1)
    assert not trained(backbone)
    backbone.train()
    made.apply(2)
    assert trained(backbone) == {name for name, _ in backbone.named_parameters()}
    assert all(module.training for module in backbone.modules())
