import pytest
import torch

from visage.models.backbone import build
from visage.models.pool import channels_axis, feature_pool
from visage.registry import UnknownMemberError, members


def test_an_unknown_pool_names_the_near_one() -> None:
    with pytest.raises(UnknownMemberError, match="model.pool: .*did you mean attention"):
        feature_pool("atention", build("test_resnet"), image_size=64)


@pytest.mark.parametrize("name", members("visage.models.pools"))
def test_no_pool_draws_random_numbers(name: str) -> None:
    backbone = build("test_resnet")
    before = torch.random.get_rng_state()
    feature_pool(name, backbone, image_size=64)
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize(("shape", "axis"), [((8, 3, 2), 1), ((3, 2, 8), 3), ((8, 8), 2)])
def test_channels_come_first_or_last(shape: tuple[int, ...], axis: int) -> None:
    assert channels_axis(torch.zeros(1, *shape), 8) == axis
