"""How long until a validation MAE is reached: this recipe against a plain loop with the seed's.

    python -m benchmarks.train --target-mae 6 --cap-minutes 60

Run it in a project whose params.yaml has the recipe, after `dvc repro weights init`. Both train the
same backbone from the same initial weights on the same stored faces, and are validated after each
epoch on the same part; only the seconds of training count. The plain loop is what one would write
first: fp32, no readers, AdamW at 2e-4, SmoothL1 on age / 100, binary
cross-entropy, the seed's augmentation, the model's final size from the start. Printed are the
seconds of each epoch with its MAE, and the ratio of the times. How much of a step is the model's
own is what `benchmarks/loader.py` measures.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import nn

from visage.inference.machine import Machine, machine
from visage.models.network import Network, Outputs
from visage.params.age_max import AgeMax
from visage.params.backbone import Backbone
from visage.params.load import load
from visage.params.model import Model
from visage.params.seed import Seed
from visage.params.tasks import Tasks
from visage.params.train import LossWeights, Train
from visage.training.balance import Static
from visage.training.identity import TrainingParams
from visage.training.prepare import prepare
from visage.training.progress import ProgressBar
from visage.training.trainer import Trainer
from visage.training.validation import validate
from visage.vision.augment import augmentation
from visage.vision.loader import Batch, batches, draw

SEED_LR, SEED_DECAY, POS_WEIGHT = 2e-4, 5e-5, 1.1
Reached = Iterator[tuple[float, float]]  # seconds of training so far, validation MAE in years


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target-mae", type=float, required=True)
    parser.add_argument("--cap-minutes", type=float, default=60.0)
    asked = parser.parse_args()
    on, cap = machine(), 60 * asked.cap_minutes
    own = until(recipe(on), target=asked.target_mae, cap=cap, name="recipe")
    plain = until(plain_loop(on), target=asked.target_mae, cap=cap, name="plain loop")
    sign = "" if plain < cap else "at least "
    print(f"plain loop / recipe: {sign}{plain / own:.1f} to MAE {asked.target_mae}")


def until(reached: Reached, *, target: float, cap: float, name: str) -> float:
    """Returns the seconds of training until the target, or until the cap is passed."""
    for number, (seconds, mae) in enumerate(reached, start=1):
        print(f"{name}: epoch {number}, {seconds:.0f} s of training, MAE {mae:.2f}", flush=True)
        if mae <= target or seconds > cap:
            return seconds
    raise SystemExit(f"{name}: all epochs are done and MAE {target} is not reached")


def declared() -> TrainingParams:
    """Returns what params.yaml says of training."""
    return TrainingParams(
        age_max=load(AgeMax).root,
        backbone=load(Backbone).root,
        model=load(Model),
        seed=load(Seed).root,
        tasks=load(Tasks),
        train=load(Train),
    )


def recipe(on: Machine) -> Reached:
    """Yields the recipe's epochs."""
    trainer, bar = prepare(declared(), on=on), ProgressBar(1, 1)
    for _ in range(load(Train).epochs):
        trainer.train_epoch(bar, stepped=lambda: None)
        yield trainer.position.seconds, trainer.validate()["val_mae"]


def plain_loop(on: Machine) -> Reached:
    """Yields the plain loop's epochs."""
    made = prepare(declared(), on=on)
    spec = replace(made.network.spec, age_head="regression", mlp=(512, 256), dropout=0.3)
    network = Network(spec)
    network.backbone.load_state_dict(made.network.backbone.state_dict())
    network.to(on.device)
    optimizer = torch.optim.AdamW(network.parameters(), SEED_LR, weight_decay=SEED_DECAY)
    spent, number = 0.0, 0
    while True:
        number += 1
        started = time.perf_counter()
        network.train()
        for read in plain_batches(made, epoch=number):
            batch = read.to(on.device)
            loss = seed_loss(network(batch.images), batch.ages[:, 0], batch.gender.float())
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
        spent += time.perf_counter() - started
        figures = validate(
            network,
            made.feed.validation(),
            forward=network,
            balance=Static(LossWeights(age=1.0, gender=1.0)),
            on=on,
        )
        yield spent, figures["val_mae"]


def plain_batches(made: Trainer, *, epoch: int) -> Iterator[Batch]:
    """Yields the train part, augmented as the seed's recipe does, but for a short last batch."""
    size = made.recipe.batch_size
    drawn = draw(made.data.weights, seed=0, epoch=epoch)
    whole = drawn.taken(slice(len(drawn.order) // size * size))
    return batches(made.data.train, whole, batch_size=size, workers=0, augment=augmentation("seed"))


def seed_loss(outputs: Outputs, ages: torch.Tensor, gender: torch.Tensor) -> torch.Tensor:
    """Returns SmoothL1 of scaled ages plus binary cross-entropy, as published."""
    assert outputs.age is not None
    assert outputs.gender is not None
    positive = torch.tensor(POS_WEIGHT, device=gender.device)
    age = nn.functional.smooth_l1_loss(outputs.age, ages / 100)
    return age + nn.functional.binary_cross_entropy_with_logits(
        outputs.gender, gender, pos_weight=positive
    )


if __name__ == "__main__":
    main()
