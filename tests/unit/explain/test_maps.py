"""The maps against closed forms, and against a network that has forgotten what it learned."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from torch import Tensor, nn

from visage.codes import Task
from visage.explain.maps import expected_age, grad_cam, occlusion, output_of
from visage.models.network import Network

Make = Callable[..., Network]
CamOf = Callable[[Network, Task], Tensor]


@pytest.fixture
def tiny() -> nn.Sequential:
    """Returns convolution, ReLU, mean of the fields, and one linear output without a bias."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        return nn.Sequential(
            nn.Conv2d(3, 4, 3, stride=2),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(4, 1, bias=False),
            nn.Flatten(0),
        )


@pytest.fixture
def small() -> Tensor:
    return torch.rand(1, 3, 11, 11, generator=torch.Generator().manual_seed(6))


def test_grad_cam_is_the_weighted_sum_of_the_channels(tiny: nn.Sequential, small: Tensor) -> None:
    fields = tiny[:2](small)[0]
    weights = tiny[4].weight[0]
    expected = torch.einsum("c,chw->hw", weights, fields) / fields[0].numel()
    assert grad_cam(tiny, tiny[1], small) == pytest.approx(expected.detach().numpy(), abs=1e-6)


def test_behind_a_mean_and_one_linear_layer_grad_cam_adds_up_to_the_output(
    tiny: nn.Sequential, small: Tensor
) -> None:
    assert grad_cam(tiny, tiny[1], small).sum() == pytest.approx(tiny(small).item(), abs=1e-5)


def test_grad_cam_keeps_the_sign(tiny: nn.Sequential, small: Tensor) -> None:
    found = grad_cam(tiny, tiny[1], small)
    assert grad_cam(lambda images: -tiny(images), tiny[1], small) == pytest.approx(-found)
    assert found.min() < 0 or found.max() > 0


def brightness(images: Tensor) -> Tensor:
    """A network that looks at rows 8 to 11 and columns 4 to 7 alone."""
    return images[:, :, 8:12, 4:8].sum(dim=(1, 2, 3))


def test_occlusion_finds_the_planted_patch() -> None:
    image = torch.full((1, 3, 16, 16), 2.0)
    cover = torch.zeros(1, 3, 1, 1)
    found = occlusion(brightness, image, cover=cover, window=4, stride=4)
    expected = np.zeros((16, 16))
    expected[8:12, 4:8] = 2.0 * 3 * 16  # all that the network sees is covered at once
    assert found == pytest.approx(expected)


def test_a_place_that_is_covered_several_times_has_the_mean() -> None:
    image = torch.zeros(1, 3, 1, 6)
    image[..., 2] = 1.0
    cover = torch.zeros(1, 3, 1, 1)
    wide = torch.cat([image] * 6, dim=2)
    found = occlusion(lambda images: images[:, 0, 0, 2], wide, cover=cover, window=2, stride=1)
    assert found[0] == pytest.approx([0, 0.5, 1, 0.5, 0, 0])


def test_covering_with_the_images_own_colour_changes_nothing() -> None:
    colour = torch.tensor([3.0, 5.0, 7.0]).view(1, 3, 1, 1)
    found = occlusion(brightness, colour.expand(1, 3, 16, 16), cover=colour, window=8, stride=4)
    assert np.abs(found).max() == 0


@pytest.mark.parametrize("head", ["regression", "distribution", "ordinal"])
def test_the_explained_age_is_the_posteriors_mean(network: Make, image: Tensor, head: str) -> None:
    made = network(head=head)
    with torch.no_grad():
        posterior = made.age.posterior(made(image).age)[0].double().numpy()
        found = expected_age(made, image).item()
    assert found == pytest.approx(posterior @ np.arange(101), abs=1e-3)


def test_the_explained_gender_is_the_logit(network: Make, image: Tensor) -> None:
    made = network()
    with torch.no_grad():
        assert output_of(made, Task.GENDER)(image) == pytest.approx(made(image).gender)


def forget(layer: nn.Linear) -> None:
    """Draws a layer's weights anew, as Adebayo et al. (2018) do in their sanity check."""
    with torch.no_grad():
        layer.weight.normal_(generator=torch.Generator().manual_seed(9))


@pytest.mark.parametrize("task", list(Task))
def test_a_random_last_layer_gives_another_map(network: Make, cam_of: CamOf, task: Task) -> None:
    made = network("test_efficientnet")
    before = cam_of(made, task)
    made.backbone = made.backbone.backbone
    assert torch.equal(cam_of(made, task), before)
    made.backbone = made.backbone.backbone
    forget(getattr(made, task).linear)
    after = cam_of(made, task)
    assert spearmanr(before.ravel(), after.ravel()).statistic < 0.9


def test_a_random_last_layer_gives_another_occlusion_map(network: Make, image: Tensor) -> None:
    made = network()
    squares = {"cover": made.mean * 255, "window": 32, "stride": 32}
    before = occlusion(output_of(made, Task.AGE), image, **squares)
    forget(made.age.linear)
    after = occlusion(output_of(made, Task.AGE), image, **squares)
    assert spearmanr(before[::32, ::32].ravel(), after[::32, ::32].ravel()).statistic < 0.9
