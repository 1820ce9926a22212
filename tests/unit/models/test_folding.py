import copy
from collections.abc import Callable

import pytest
import timm
import torch
from torch import Tensor, nn

from visage.models.folding import fold

IMAGES = torch.randn(4, 3, 64, 64, generator=torch.Generator().manual_seed(3))


def backbone(name: str) -> nn.Module:
    """Returns a model whose norms do something."""
    torch.manual_seed(1)
    model: nn.Module = timm.create_model(name, num_classes=0)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
            nn.init.uniform_(module.weight, 0.5, 1.5)
    return model


def gradients(model: nn.Module) -> list[Tensor]:
    model.zero_grad()
    model(IMAGES).square().mean().backward()
    return [
        parameter.grad.clone() for parameter in model.parameters() if parameter.grad is not None
    ]


@pytest.mark.parametrize(
    ("name", "norms"),
    [
        ("test_resnet", 15),
        ("test_efficientnet", 13),
        ("tf_efficientnet_lite0", 49),  # pads as TensorFlow does
        ("vgg11_bn", 8),  # its convolutions have biases
        ("convnext_atto", 0),
    ],
)
@pytest.mark.parametrize("training", [False, True])
def test_outputs_and_gradients_are_those_of_the_unfolded(
    name: str, norms: int, training: bool
) -> None:
    plain = backbone(name)
    folded = copy.deepcopy(plain)
    assert fold(folded, image_size=64) == norms
    plain.train(training)
    folded.train(training)
    torch.manual_seed(2)
    expected = plain(IMAGES)
    torch.manual_seed(2)
    torch.testing.assert_close(folded(IMAGES), expected, rtol=1e-3, atol=1e-4)
    if name in ("test_resnet", "test_efficientnet"):  # deep ones: a ReLU's kink may fall apart
        for found, wanted in zip(gradients(folded), gradients(plain), strict=True):
            torch.testing.assert_close(found, wanted, rtol=1e-2, atol=1e-4)


def test_each_norm_is_asked_for_its_own_mode() -> None:
    model = backbone("test_resnet").train()
    fold(model, image_size=64)
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    norms[0].eval()
    model(IMAGES)
    counts = [norm.num_batches_tracked for norm in norms]
    assert [int(count) for count in counts if count is not None] == [0] + [1] * (len(norms) - 1)


def test_modes_names_and_values_stay() -> None:
    model = backbone("test_resnet").train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    fold(model, image_size=64)
    assert all(module.training for module in model.modules())
    after = model.state_dict()
    assert list(after) == list(before)
    assert all(torch.equal(after[name], before[name]) for name in before)


def test_a_copy_folds_by_its_own_weights() -> None:
    model = backbone("test_resnet").eval()
    fold(model, image_size=64)
    twin = copy.deepcopy(model)
    expected = model(IMAGES)
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    torch.testing.assert_close(twin(IMAGES), expected)


class Branched(nn.Module):
    """Adds what the convolution made to what its norm makes of it, so it can't be folded."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)

    def forward(self, images: Tensor) -> Tensor:
        made = self.conv(images)
        return (made + self.norm(made)).mean(dim=(2, 3))


class Twice(Branched):
    """Gives the convolution's result to one norm twice."""

    def forward(self, images: Tensor) -> Tensor:
        return (self.norm(self.conv(images)) + self.norm(self.conv(-images))).mean(dim=(2, 3))


@pytest.mark.parametrize("make", [Branched, Twice])
def test_what_would_compute_otherwise_is_left_as_it_was(make: Callable[[], nn.Module]) -> None:
    model = make().eval()
    model.norm.running_mean.fill_(0.5)  # type: ignore[union-attr, operator]
    expected = model(IMAGES)
    assert fold(model, image_size=64) == 0
    torch.testing.assert_close(model(IMAGES), expected)
