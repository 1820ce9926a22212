import torch

from visage.models.backbone import build
from visage.models.pools.average import Pool


def test_it_is_the_backbone_itself() -> None:
    backbone = build("test_resnet").eval()
    images = torch.rand(2, 3, 64, 64)
    pool = Pool(backbone, image_size=64)
    assert torch.equal(pool(backbone, images), backbone(images))


def test_it_has_nothing_to_learn_or_to_keep() -> None:
    pool = Pool(build("test_resnet"), image_size=64)
    assert not pool.learns
    assert not pool.state_dict()
