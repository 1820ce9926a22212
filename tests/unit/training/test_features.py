import os
from collections.abc import Callable
from dataclasses import replace
from errno import ENOSPC
from typing import Any

import pytest
import torch

from visage.inference.machine import Machine
from visage.models.network import Network
from visage.params.train import Train
from visage.training import features as features_module
from visage.training.features import FeatureFeed, reuses_features
from visage.training.feed import Feed
from visage.training.fit import Fitted
from visage.training.setup import TrainingData
from visage.training.trainer import Trainer

Make = Callable[..., Trainer]
Run = Callable[..., Fitted]
Recipe = Callable[..., Train]
ALONE = Machine(torch.device("cpu"), 0)
FROZEN = {"finetune": "head_only", "augment": "none"}


@pytest.mark.parametrize(
    ("changes", "reused"),
    [
        ({}, True),
        ({"augment": "flip"}, True),
        ({"augment": "flip_crop"}, False),
        ({"finetune": "last_block"}, False),
        ({"erase": 0.1}, False),
        ({"first_image_size": 16}, False),
        ({"mix": {"method": "mixup", "alpha": 0.2}}, False),
    ],
)
def test_features_are_reused_where_images_have_few_forms(
    recipe: Recipe, changes: dict[str, Any], reused: bool
) -> None:
    assert reuses_features(recipe(**{**FROZEN, **changes}), on=ALONE) == reused


STOCHASTIC = {"drop_path_rate": 0.5, "backbone_kwargs": {"drop_rate": 0.5}}


@pytest.mark.parametrize(
    ("spec", "amp", "tolerance"), [({}, "off", 1e-5), (STOCHASTIC, "off", 1e-5), ({}, "bf16", 1e-2)]
)
def test_reused_features_give_the_figures_of_the_whole_network(
    data: TrainingData,
    trainer: Make,
    fitted: Run,
    monkeypatch: pytest.MonkeyPatch,
    spec: dict[str, Any],
    amp: str,
    tolerance: float,
) -> None:
    reused = fitted(trainer(data, spec=spec, amp=amp, **FROZEN))
    monkeypatch.setattr(features_module, "reuses_features", lambda recipe, on: False)
    whole = fitted(trainer(data, spec=spec, amp=amp, **FROZEN))
    # A bias before a batch norm has no gradient but rounding, which Adam makes steps of; it moves
    # the running mean, and so validation.
    loose = max(2e-3, tolerance)
    for column, within in (("train_loss", tolerance), ("val_loss", loose), ("val_mae", loose)):
        expected = pytest.approx(whole.history[column].tolist(), rel=within)
        assert reused.history[column].tolist() == expected


@pytest.mark.parametrize(("amp", "kind"), [("off", torch.float32), ("bf16", torch.bfloat16)])
def test_reduced_precision_reaches_the_training_parts_features_alone(
    data: TrainingData, trainer: Make, monkeypatch: pytest.MonkeyPatch, amp: str, kind: torch.dtype
) -> None:
    seen = []
    features = Network.features

    def noted(network: Network, images: torch.Tensor) -> torch.Tensor:
        found = features(network, images)
        seen.append((len(images), found.dtype))
        return found

    monkeypatch.setattr(Network, "features", noted)
    trainer(data, amp=amp, **FROZEN)
    assert seen == [(len(data.train), kind), (len(data.validation), torch.float32)]


def test_the_backbone_is_not_computed_again(
    data: TrainingData, trainer: Make, fitted: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trainer(data, **FROZEN, ema_decay=0.9)

    def refuse(*args: object) -> None:
        raise AssertionError("the backbone is computed")

    monkeypatch.setattr(made.network.backbone, "forward", refuse)
    assert len(fitted(made).history) == 3


def test_features_of_a_pool_that_learns_are_not_kept_and_it_says_so(
    data: TrainingData, trainer: Make, caplog: pytest.LogCaptureFixture
) -> None:
    made = trainer(data, spec={"image_size": 64, "pool": "attention"}, **FROZEN)
    assert not isinstance(made.feed, FeatureFeed)
    (said,) = caplog.messages
    assert "model.pool: attention learns" in said
    assert "computed at every epoch" in said


@pytest.mark.parametrize("finetune", ["full", "head_only", "last_block", "gradual"])
def test_the_pool_learns_under_every_policy(
    data: TrainingData, trainer: Make, fitted: Run, finetune: str
) -> None:
    larger = replace(data, train=replace(data.train, image_size=64))
    attention = {"image_size": 64, "pool": "attention"}
    made = trainer(larger, spec=attention, finetune=finetune, augment="none", epochs=1)
    assert fitted(made).state["pool.scores"].any()


def test_the_features_of_a_batch_are_those_of_the_images_that_it_would_show(
    data: TrainingData, trainer: Make
) -> None:
    made = trainer(data, finetune="head_only", augment="flip")
    assert isinstance(made.feed, FeatureFeed)
    made.network.eval()
    for epoch in (1, 2):
        shown = list(Feed.training(made.feed, epoch, after=0))
        reused = list(made.feed.training(epoch, after=0))
        assert [len(batch) for batch in reused] == [len(batch) for batch in shown]
        for images, features in zip(shown, reused, strict=True):
            with torch.inference_mode():
                expected = made.network.features(images.images)
            assert torch.allclose(features.images, expected, atol=1e-5)
            assert torch.equal(features.ages, images.ages)


def test_a_full_disk_is_seen_before_the_features_are_computed(
    data: TrainingData, trainer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: int) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    with pytest.raises(OSError, match="No space left"):
        trainer(data, **FROZEN)
