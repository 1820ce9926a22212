from dataclasses import replace

import pytest
import torch

from visage.codes import Task
from visage.models.backbone import BackboneError, Normalisation
from visage.models.network import Network, NetworkSpec, count_parameters

SPEC = NetworkSpec(
    backbone="test_resnet",
    backbone_kwargs={},
    drop_path_rate=0.0,
    tasks=(Task.AGE, Task.GENDER),
    age_head="regression",
    age_max=100,
    mlp=(16, 8),
    dropout=0.1,
    image_size=32,
    normalisation=Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
)


@pytest.mark.parametrize(
    ("backbone", "millions"),
    [("resnet18", 11.5), ("efficientnet_b0", 4.8), ("convnext_tiny", 28.3)],
)
def test_the_published_model_sizes_come_out(backbone: str, millions: float) -> None:
    network = Network(replace(SPEC, backbone=backbone, mlp=(512, 256)))
    assert count_parameters(network) / 1e6 == pytest.approx(millions, abs=0.1)


def test_both_tasks_give_one_output_an_image() -> None:
    outputs = Network(SPEC).eval()(torch.zeros(3, 3, 32, 32, dtype=torch.uint8))
    assert outputs.age is not None
    assert outputs.gender is not None
    assert (len(outputs.age), len(outputs.gender)) == (3, 3)


@pytest.mark.parametrize("task", list(Task))
def test_a_single_task_has_a_single_head(task: Task) -> None:
    outputs = Network(replace(SPEC, tasks=(task,))).eval()(torch.zeros(1, 3, 32, 32))
    assert (outputs.age is None, outputs.gender is None) == (task != Task.AGE, task != Task.GENDER)


def test_without_mlp_the_heads_stand_on_the_features() -> None:
    network = Network(replace(SPEC, mlp=()))
    assert len(network.mlp) == 0
    assert network(torch.zeros(2, 3, 32, 32)).gender.shape == (2,)


def test_the_normalisation_is_inside() -> None:
    network = Network(SPEC).eval()
    seen = []
    network.backbone.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
    network(torch.tensor([0, 255, 51], dtype=torch.uint8).view(1, 3, 1, 1).expand(1, 3, 32, 32))
    assert seen[0][0, :, 0, 0].tolist() == pytest.approx([-1, 1, -0.6])


def drawn(pool: str) -> Network:
    torch.manual_seed(5)
    return Network(replace(SPEC, image_size=64, pool=pool)).eval()


def test_the_average_is_the_backbones_own_and_keeps_no_tensor() -> None:
    network, images = drawn("average"), torch.rand(2, 3, 64, 64)
    parts = {name.partition(".")[0] for name in network.state_dict()}
    assert parts == {"backbone", "mlp", "age", "gender"}
    expected = network.backbone((images / 255 - network.mean) / network.std)
    assert torch.equal(network.features(images), expected)


def test_attention_adds_its_scores_and_all_else_starts_the_same() -> None:
    plain, other = (drawn(pool).state_dict() for pool in ("average", "attention"))
    scores = other.pop("pool.scores")
    assert not scores.any()
    assert list(other) == list(plain)
    assert all(torch.equal(other[name], plain[name]) for name in plain)


def test_attention_gives_an_output_an_image() -> None:
    outputs = drawn("attention")(torch.zeros(3, 3, 64, 64, dtype=torch.uint8))
    assert outputs.age is not None
    assert outputs.gender is not None
    assert (len(outputs.age), len(outputs.gender)) == (3, 3)


def test_a_backbone_of_one_size_says_what_to_set() -> None:
    network = Network(replace(SPEC, backbone="vit_tiny_patch16_224", image_size=64))
    with pytest.raises(BackboneError, match=r"takes no images of 64 pixels .*img_size: 64"):
        network.refuse_size(64)
    network.refuse_size(224)
    assert all(module.training for module in network.modules())
