"""Attention pooling against the average that it begins as, and against plain arithmetic."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from visage.models.backbone import build, feature_width
from visage.models.pools.attention import Pool, PoolError

SIZE = 96  # pixels; 3 by 3 fields after five halvings
VIT = {"img_size": SIZE, "global_pool": "avg"}
# Maps with the channels first and last, tokens with a class token before them; layers behind the
# pooling (ConvNeXt, MobileNetV3).
BACKBONES: list[tuple[str, dict[str, Any]]] = [
    ("test_resnet", {}),
    ("test_convnext", {}),
    ("mobilenetv3_small_050", {}),
    ("test_mambaout", {}),
    ("swin_tiny_patch4_window7_224", {"img_size": SIZE, "window_size": 3}),
    ("test_vit", VIT),
]


def images(n: int = 2, *, size: int = SIZE) -> Tensor:
    return torch.rand(n, 3, size, size, generator=torch.Generator().manual_seed(4))


def made(name: str = "test_resnet", *, size: int = SIZE, **kwargs: Any) -> tuple[Pool, nn.Module]:
    """Returns a pool and its backbone, which is always the same."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        backbone: nn.Module = build(name, kwargs=kwargs).eval()
    return Pool(backbone, image_size=size), backbone


def learnt(pool: Pool) -> Pool:
    """Gives the pool scores as if it had learnt, large enough to show in the features."""
    nn.init.normal_(pool.scores, std=30, generator=torch.Generator().manual_seed(2))
    return pool


@pytest.mark.parametrize(("name", "kwargs"), BACKBONES, ids=[name for name, _ in BACKBONES])
def test_it_begins_as_the_backbones_average(name: str, kwargs: dict[str, Any]) -> None:
    pool, backbone = made(name, **kwargs)
    with torch.no_grad():
        found, expected = pool(backbone, images()), backbone(images())
    assert found.shape == (2, feature_width(backbone))
    assert torch.allclose(found, expected, atol=1e-5 * float(expected.abs().max()))


@pytest.mark.parametrize(("name", "kwargs"), BACKBONES, ids=[name for name, _ in BACKBONES])
def test_what_it_learns_changes_the_features(name: str, kwargs: dict[str, Any]) -> None:
    pool, backbone = made(name, **kwargs)
    with torch.no_grad():
        found, average = learnt(pool)(backbone, images()), backbone(images())
    assert (found - average).abs().max() > 0.01 * average.abs().max()


@pytest.mark.parametrize("name", ["test_resnet", "test_mambaout"])
def test_each_head_averages_its_channels_by_a_softmax_over_the_fields(name: str) -> None:
    pool, backbone = made(name)
    with torch.no_grad():
        found = learnt(pool)(backbone, images(1))
        last = backbone.forward_features(images(1))[0]  # type: ignore[operator]
        fields = (last.flatten(1).T if name == "test_resnet" else last.flatten(0, 1)).double()
        scores, (n, channels) = pool.scores.double(), pool.scores.shape
        parts = []
        for head in range(n):
            own = fields[:, head * channels // n : (head + 1) * channels // n]
            weights = (fields @ scores[head] / channels**0.5).exp()
            parts.append((weights[:, None] * own).sum(0) / weights.sum())
        one = torch.cat(parts).float()
        shape = (1, channels, 1, 1) if name == "test_resnet" else (1, 1, 1, channels)
        expected = backbone.forward_head(one.view(shape))  # type: ignore[operator]
    assert torch.allclose(found, expected, atol=1e-4)


def test_the_gradient_reaches_it_from_the_first_step() -> None:
    pool, backbone = made()
    pool(backbone, images()).square().sum().backward()
    assert pool.scores.grad is not None
    assert (pool.scores.grad.abs().amax(dim=1) > 0).all()  # each head's


def test_all_of_the_backbone_learns_behind_it_and_before_it() -> None:
    pool, backbone = made("mobilenetv3_small_050")
    pool(backbone, images()).square().sum().backward()
    assert all(parameter.grad is not None for parameter in backbone.parameters())


@pytest.mark.parametrize("size", [32, 64, 80, 160])
def test_images_may_be_of_other_sizes(size: int) -> None:
    pool, backbone = made()
    found = learnt(pool)(backbone, images(size=size))
    assert found.shape == (2, feature_width(backbone))
    assert found.isfinite().all()


def test_a_number_of_channels_that_eight_does_not_divide_has_fewer_heads() -> None:
    class Odd(nn.Module):
        num_features = 12

        def forward_features(self, images: Tensor) -> Tensor:
            return images.repeat(1, 4, 1, 1)

        def forward_head(self, features: Tensor) -> Tensor:
            return features.mean(dim=(2, 3))

        def forward(self, images: Tensor) -> Tensor:
            return self.forward_head(self.forward_features(images))

    assert Pool(Odd(), image_size=SIZE).scores.shape == (4, 12)


def test_a_new_backbone_stays_in_training_mode() -> None:
    backbone = build("test_resnet")
    before = {name: value.clone() for name, value in backbone.state_dict().items()}
    Pool(backbone, image_size=SIZE)
    assert all(module.training for module in backbone.modules())
    assert all(value.equal(before[name]) for name, value in backbone.state_dict().items())


@pytest.mark.parametrize(
    ("name", "size", "fault"),
    [
        ("test_vit", 160, "makes its features of something else.*init.kwargs: {global_pool: avg}"),
        ("vgg11", 64, "makes its features of something else than their average"),
        ("test_resnet", 32, "has one field alone at 32 pixels; raise model.image_size"),
    ],
)
def test_where_there_is_nothing_to_weigh_it_is_refused(name: str, size: int, fault: str) -> None:
    with pytest.raises(PoolError, match=f"model.pool: attention .*{name} {fault}.*pool: average"):
        made(name, size=size)


def test_a_backbone_that_takes_no_other_features_is_refused() -> None:
    backbone = build("test_resnet")
    backbone.forward_head = lambda features: features.reshape(len(features), -1, 9)
    with pytest.raises(PoolError, match="gives no last features that can be pooled"):
        Pool(backbone, image_size=SIZE)


def test_a_backbone_of_one_size_is_refused_in_our_words() -> None:
    with pytest.raises(PoolError, match="takes no images of 96 pixels"):
        made("vit_tiny_patch16_224")
