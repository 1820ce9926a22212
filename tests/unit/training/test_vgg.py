"""VGG-16 as the CelebA study has it: what each strategy trains, by name and by bytes."""

import pytest
import torch
from torch import Tensor

from visage.codes import Task
from visage.models.backbone import Normalisation
from visage.models.network import Network, NetworkSpec, count_parameters
from visage.optim.policy import Freezer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
LAST_LAYER = ["gender.linear.weight", "gender.linear.bias"]
LAST_BLOCK = [
    f"backbone.features.{place}.{kind}" for place in (24, 26, 28) for kind in ("weight", "bias")
]
PARAMETERS = 138_357_544 - 1000 * 4097 + 4097  # the published network's, with one output
IMAGES = torch.randint(256, (2, 3, 224, 224), generator=torch.Generator().manual_seed(1)).byte()


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(3)
    return Network(
        NetworkSpec(
            backbone="vgg16",
            backbone_kwargs={},
            drop_path_rate=0.0,
            tasks=(Task.GENDER,),
            age_head="distribution",
            age_max=100,
            mlp=(),
            dropout=0.0,
            image_size=224,
            normalisation=Normalisation((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        )
    )


def apply(network: Network, strategy: str) -> None:
    network.train()
    freezer = Freezer(network.backbone, name=strategy, frozen_stages=0, epochs=10)
    freezer.apply(1)


def loss(network: Network) -> Tensor:
    outputs = network(IMAGES)
    assert network.gender is not None
    assert outputs.gender is not None
    return network.gender.loss(outputs.gender, torch.tensor([0, 1])).mean()


def test_its_parameters_are_the_published_ones(network: Network) -> None:
    assert count_parameters(network) == PARAMETERS == 134_264_641


@pytest.mark.parametrize(
    ("strategy", "names", "n"),
    [("head_only", LAST_LAYER, 4_097), ("last_block", LAST_BLOCK + LAST_LAYER, 7_083_521)],
)
def test_a_step_changes_the_strategys_layers_and_no_other_byte(
    network: Network, strategy: str, names: list[str], n: int
) -> None:
    apply(network, strategy)
    trained = [name for name, value in network.named_parameters() if value.requires_grad]
    assert sorted(trained) == sorted(names)
    freezer = Freezer(network.backbone, name=strategy, frozen_stages=0, epochs=10)
    assert count_parameters(network) - freezer.frozen(10) == n
    before = {name: value.clone() for name, value in network.state_dict().items()}
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    loss(network).backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    changed = [
        name for name, value in network.state_dict().items() if not value.equal(before[name])
    ]
    assert sorted(changed) == sorted(names)
    network.zero_grad()


def test_features_that_are_kept_give_what_the_whole_network_gives(network: Network) -> None:
    apply(network, "head_only")
    with torch.inference_mode():
        kept = network.features(IMAGES)
        assert kept.shape == (2, 4096)
        expected, found = network(IMAGES).gender, network.from_features(kept).gender
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-6)
