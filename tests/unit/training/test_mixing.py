import pytest
import torch

from visage.training.balance import TaskLoss
from visage.training.mixing import blended, mix
from visage.training.objective import Losses
from visage.vision.loader import Batch


@pytest.fixture
def batch() -> Batch:
    torch.manual_seed(2)
    shades = torch.arange(8, dtype=torch.uint8)[:, None, None, None] * 30
    ages = torch.arange(8.0)[:, None].repeat(1, 2)
    return Batch(shades.expand(8, 3, 12, 10).contiguous(), ages, torch.arange(8) % 2)


def test_without_mixing_the_batch_stays(batch: Batch) -> None:
    mixed = mix(batch, method="none", alpha=0.2)
    assert mixed.first is batch
    assert mixed.second is None


def test_mixup_takes_the_stated_share_of_the_first(batch: Batch) -> None:
    mixed = mix(batch, method="mixup", alpha=1.0)
    assert mixed.second is not None
    expected = batch.images * mixed.share + mixed.second.images * (1 - mixed.share)
    assert (mixed.first.images.float() - expected).abs().max() <= 0.51


def test_cutmix_shares_are_those_of_the_pixels(batch: Batch) -> None:
    for _ in range(20):
        mixed = mix(batch, method="cutmix", alpha=1.0)
        assert mixed.second is not None
        differs = (batch.images != mixed.second.images).flatten(1).any(dim=1)
        own = (mixed.first.images == batch.images).float().mean(dim=(1, 2, 3))[differs]
        assert own.tolist() == pytest.approx([mixed.share] * len(own))


def test_labels_go_with_their_images(batch: Batch) -> None:
    mixed = mix(batch, method="mixup", alpha=1.0)
    assert mixed.second is not None
    assert (mixed.second.images[:, 0, 0, 0] // 30).tolist() == mixed.second.ages[:, 0].tolist()
    assert mixed.first.ages.equal(batch.ages)


def test_losses_blend_in_the_same_shares() -> None:
    one, four = (
        Losses(torch.tensor(value), TaskLoss(torch.tensor(value), torch.tensor(2)), None)
        for value in (1.0, 4.0)
    )
    found = blended(one, four, share=0.75)
    assert found.total.item() == pytest.approx(1.75)
    assert found.age is not None
    assert found.age.mean.item() == pytest.approx(1.75)
    assert found.gender is None
