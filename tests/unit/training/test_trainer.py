"""What a recipe says reaches the network, the optimiser and the figures."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import torch

from visage.optim.optimizer import PEAK
from visage.training.fit import Fitted
from visage.training.progress import ProgressBar
from visage.training.setup import TrainingData
from visage.training.trainer import Trainer
from visage.training.validation import validate

Make = Callable[..., Trainer]
Run = Callable[..., Fitted]


def epoch(made: Trainer) -> dict[str, float]:
    with ProgressBar(1, 16, shown=False) as bar:
        return made.train_epoch(bar, stepped=lambda: None)


def test_each_image_of_a_step_weighs_the_same(
    data: TrainingData, trainer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trainer(data, batch_size=6, accumulate=3)
    shares: list[float] = []
    gather = made.stepper.gather

    def noted(loss: torch.Tensor, *, share: float) -> None:
        shares.append(share)
        gather(loss, share=share)

    monkeypatch.setattr(made.stepper, "gather", noted)
    epoch(made)
    assert shares == pytest.approx([6 / 16, 6 / 16, 4 / 16])


@pytest.mark.parametrize(("monitored", "factor"), [([1.0, 2.0], 1.0), ([1.0, 2.0, 3.0], 0.5)])
def test_a_plateau_is_waited_for_after_the_warm_up(
    data: TrainingData, trainer: Make, monitored: list[float], factor: float
) -> None:
    plateau = {"factor": 0.5, "patience": 0}
    made = trainer(data, epochs=9, schedule="plateau", plateau=plateau, warmup_epochs=2)
    made.position.monitored = monitored
    made.position.epoch = len(monitored) + 1
    made.position.step = len(monitored) * made.feed.steps_per_epoch
    assert epoch(made)["lr"] == pytest.approx(factor * made.lr)


def test_the_figures_that_count_are_the_averages(
    data: TrainingData, trainer: Make, fitted: Run
) -> None:
    made = trainer(data, epochs=1, ema_decay=0.5, lr=0.05, warmup_epochs=0)
    found = fitted(made)
    row = found.history.iloc[-1]
    assert made.average is not None
    for network, prefix in ((made.average.module, "val_"), (made.network, "val_raw_")):
        figures = validate(
            network,
            made.feed.validation(),
            forward=network,
            balance=made.balance,
            on=made.machine,
        )
        assert row[f"{prefix}loss"] == pytest.approx(figures["val_loss"], rel=1e-6)
    assert row["val_loss"] != pytest.approx(row["val_raw_loss"], rel=1e-3)
    kept = made.average.module.state_dict()
    assert all(torch.equal(tensor, kept[name]) for name, tensor in found.state.items())


# Each has an effect on the second epoch's loss, which it would not if nothing passed it on.
OPTIONS: list[dict[str, Any]] = [
    {"layer_decay": 0.5},
    {"head_lr_factor": 5.0},
    {"weight_decay": 0.9},
    {"frozen_stages": 2},
    {"freeze_norms_after": 0},
    {"erase": 1.0},
    {"mix": {"method": "cutmix", "alpha": 1.0}},
    {"schedule": "one_cycle"},
    {"optimizer": "adam", "weight_decay": 0.9},
    {"clip_grad_norm": 1e-3},
    {"gender_pos_weight": 3.0},
    {"loss_weights": {"age": 2.0, "gender": 1.0}},
    {"first_image_size": 16},
]


@pytest.mark.parametrize("changes", OPTIONS, ids=lambda changes: ",".join(changes))
def test_an_option_reaches_the_training(
    data: TrainingData, trainer: Make, fitted: Run, changes: dict[str, Any]
) -> None:
    plain = {"epochs": 2, "lr": 1e-2, "augment": "flip"}
    without, found = (fitted(trainer(data, **{**plain, **c})) for c in ({}, changes))
    assert found.history["train_loss"].iloc[1] != without.history["train_loss"].iloc[1]


def test_rates_fall_towards_the_stem(data: TrainingData, trainer: Make) -> None:
    made = trainer(data, lr=1e-3, layer_decay=0.5, head_lr_factor=10.0)
    rates = sorted({group[PEAK] for group in made.stepper.optimizer.param_groups})
    assert rates[-1] == pytest.approx(1e-2)
    assert rates[-2] == pytest.approx(1e-3)
    steps = pairwise(rates[:-1])  # rounding makes none of them equal
    assert all(low == pytest.approx(high / 2) for low, high in steps)


def test_frozen_stages_and_norms_stand_still(data: TrainingData, trainer: Make) -> None:
    made = trainer(data, frozen_stages=1, freeze_norms_after=0, lr=1e-2)
    names = set(made.freezer.groups[0])
    before = {name: tensor.clone() for name, tensor in made.network.backbone.state_dict().items()}
    epoch(made)
    after = made.network.backbone.state_dict()
    still = {name for name, tensor in after.items() if torch.equal(tensor, before[name])}
    statistics = {name for name in after if "running" in name}
    assert names <= still
    assert statistics <= still
    assert len(still) < len(after)
    learnt = sum(p.numel() for p in made.network.backbone.parameters() if p.requires_grad)
    every = sum(p.numel() for p in made.network.backbone.parameters())
    assert made.freezer.frozen(3) == every - learnt > 0


def test_what_other_processes_have_counted_is_not_lost(data: TrainingData, trainer: Make) -> None:
    two, one = trainer(data), trainer(data)
    epoch_of = two.position
    with ProgressBar(1, 16, shown=False) as bar:

        class StoppedError(Exception):
            pass

        def stop() -> None:
            if epoch_of.batch == two.feed.batches_per_epoch:
                raise StoppedError

        with pytest.raises(StoppedError):
            two.train_epoch(bar, stepped=stop)
    state = two.state_dict()
    state["shares"] = state["shares"] * 2  # as if another process had counted as much
    one.load_state_dict(state)
    row = epoch(one)
    assert row["train_loss"] == pytest.approx(two.position.means.columns("train")["train_loss"])
    assert one.position.images == 2 * two.feed.images_per_epoch
