"""One epoch of training: weighted draws, mixed precision, clipped steps; and one validation.

Random numbers are a function of (seed, epoch): order and augmentation through the draws, dropout
through torch's generator, which is set anew at each epoch. So the result does not depend on the
number of workers, nor on what ran before.
"""

import time
from collections.abc import Iterator

import torch
from torch import Tensor

from visage.errors import VisageError
from visage.inference.machine import Machine
from visage.models.network import Network
from visage.params.train import Train
from visage.training.objective import MeanLosses, losses
from visage.training.orphan import ParentWatch
from visage.training.precision import Stepper, autocast
from visage.training.progress import ProgressBar
from visage.training.schedule import rate_factor
from visage.training.setup import TrainingData
from visage.training.validation import validate
from visage.vision.augment import augmentation
from visage.vision.loader import Batch, batches, draw, in_order


class DivergedError(VisageError):
    """The loss is no number any more."""


class Trainer:
    """What stays the same over the epochs of one training."""

    def __init__(
        self,
        network: Network,
        data: TrainingData,
        *,
        recipe: Train,
        lr: float,
        seed: int,
        on: Machine,
    ) -> None:
        memory_format = torch.channels_last if recipe.channels_last else torch.contiguous_format
        self.network = network.to(on.device).to(memory_format=memory_format)
        self.data = data
        self.recipe = recipe
        self.seed = seed
        self.lr = lr
        self.machine = on
        self.augment = augmentation(recipe.augment)
        self.weights = recipe.loss_weights.model_dump()
        optimizer = torch.optim.AdamW(
            network.parameters(),
            lr,
            weight_decay=recipe.weight_decay,
            fused=True,  # a quarter of the step's time on two cores
        )
        self.stepper = Stepper(
            optimizer, amp=recipe.amp, device=on.device, clip_grad_norm=recipe.clip_grad_norm
        )
        self.schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, self._rate_factor)
        self.parent = ParentWatch()
        self.seconds = 0.0
        self.images = 0

    def _rate_factor(self, step: int) -> float:
        steps = self.steps_per_epoch
        return rate_factor(
            step,
            warmup_steps=self.recipe.warmup_epochs * steps,
            total_steps=self.recipe.epochs * steps,
        )

    @property
    def steps_per_epoch(self) -> int:
        """Returns the number of batches of an epoch; a last batch of one is left out."""
        full, rest = divmod(len(self.data.train), self.recipe.batch_size)
        return full + (rest > 1)

    def train_epoch(self, epoch: int, bar: ProgressBar) -> dict[str, float]:
        """Trains one epoch and returns its columns of metrics/history.csv.

        Raises:
            DivergedError: the loss of a batch is not finite.
        """
        torch.manual_seed(self.seed * 1_000_003 + epoch)
        self.network.train()
        means, started, lr = MeanLosses(), time.perf_counter(), 0.0
        for number, batch in enumerate(self._batches(epoch), start=1):
            self.parent.check()
            moved = batch.to(self.machine.device)
            with autocast(self.recipe.amp, self.machine.device):
                found = losses(
                    self.network, self.network(moved.images), moved, weights=self.weights
                )
            self._refuse_nan(found.total, epoch=epoch, batch=number)
            self.stepper.step(found.total)
            lr = float(self.schedule.get_last_lr()[0])
            self.schedule.step()
            means.add(found, len(batch))
            bar.advance(len(batch))
        self.seconds += time.perf_counter() - started
        self.images += means.images
        return {"epoch": epoch, "lr": lr, **means.columns("train")}

    def _batches(self, epoch: int) -> Iterator[Batch]:
        return batches(
            self.data.train,
            draw(self.data.weights, seed=self.seed, epoch=epoch),
            batch_size=self.recipe.batch_size,
            workers=self.machine.workers,
            augment=self.augment,
            drop_single=True,
        )

    @property
    def validated(self) -> bool:
        """Whether there is a validation part to choose the epoch with."""
        return len(self.data.validation) > 0

    def validate(self) -> dict[str, float]:
        """Returns the validation columns of metrics/history.csv; none without that part."""
        if not self.validated:
            return {}
        read = batches(
            self.data.validation,
            in_order(self.data.validation),
            batch_size=4 * self.recipe.batch_size,
            workers=self.machine.workers,
        )
        return validate(self.network, read, weights=self.weights, device=self.machine.device)

    def _refuse_nan(self, loss: Tensor, *, epoch: int, batch: int) -> None:
        if not torch.isfinite(loss):
            raise DivergedError(
                f"the loss is {loss.item()} at epoch {epoch}, batch {batch}; lower train.lr, or "
                f"set train.amp=off (it is {self.recipe.amp})"
            )
