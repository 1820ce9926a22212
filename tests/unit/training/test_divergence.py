from collections.abc import Callable

import pytest
import torch

from visage.training.divergence import DivergedError
from visage.training.fit import Fitted
from visage.training.setup import TrainingData
from visage.training.trainer import Trainer

Make = Callable[..., Trainer]
Run = Callable[..., Fitted]


def explode(made: Trainer) -> torch.Tensor:
    """Gives a weight infinite gradients, and returns it as it is."""
    weight = made.network.mlp[0][0].weight
    weight.register_hook(lambda gradient: gradient * torch.inf)
    return weight.detach().clone()


def test_a_loss_that_is_no_number_ends_training_with_a_remedy(
    data: TrainingData, trainer: Make, fitted: Run
) -> None:
    made = trainer(data)
    torch.nn.init.constant_(made.network.mlp[0][0].weight, torch.inf)
    with pytest.raises(DivergedError, match=r"epoch 1, batch 1, whose images are \d+, "):
        fitted(made)


@pytest.mark.parametrize(("accumulate", "batch", "images"), [(1, 1, 5), (2, 2, 10)])
def test_an_infinite_gradient_moves_nothing_and_names_the_steps_images(
    data: TrainingData, trainer: Make, fitted: Run, accumulate: int, batch: int, images: int
) -> None:
    made = trainer(data, accumulate=accumulate)
    before = explode(made)
    with pytest.raises(DivergedError, match=f"infinite at epoch 1, batch {batch}, ") as caught:
        fitted(made)
    assert torch.equal(made.network.mlp[0][0].weight, before)
    named = sum(len(made.feed.ids(1, batch=number + 1)) for number in range(accumulate))
    assert named == images
    assert ("and 2 more" in str(caught.value)) == (images == 10)


def test_an_infinite_gradient_under_fp16_is_the_scalers_matter(
    data: TrainingData, trainer: Make, fitted: Run
) -> None:
    made = trainer(data, amp="fp16", epochs=1)
    before = explode(made)
    scale = made.stepper.scaler.get_scale()
    fitted(made)
    assert torch.equal(made.network.mlp[0][0].weight, before)
    assert made.stepper.scaler.get_scale() < scale


def test_a_figure_that_is_no_number_chooses_no_epoch(
    data: TrainingData, trainer: Make, fitted: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trainer(data)
    monkeypatch.setattr(made, "validate", lambda: {"val_harmonic": float("nan")})
    with pytest.raises(DivergedError, match="train.monitor: harmonic of epoch 1 is nan"):
        fitted(made)
