"""One epoch of training: weighted draws, mixed precision, clipped steps; and one validation.

Random numbers are a function of (seed, epoch): order and augmentation through the draws, dropout
and mixing through torch's generator, which is set anew at each epoch. So the result does not depend
on the number of workers, nor on what ran before, nor on where a training was interrupted.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch.optim.swa_utils import AveragedModel

from visage.inference.machine import Machine
from visage.inference.processes import gathered
from visage.models.network import Network
from visage.optim.average import average
from visage.optim.optimizer import PEAK, optimizer
from visage.optim.policy import Freezer
from visage.optim.schedule import Moment, schedule
from visage.params.train import Train
from visage.training.balance import balance
from visage.training.compiling import compiled
from visage.training.divergence import refuse_infinite_step, refuse_nan
from visage.training.features import FeatureFeed, feed_for
from visage.training.memory import explained
from visage.training.mixing import blended, mix
from visage.training.objective import Losses, MeanLosses, known_in_all, losses
from visage.training.placing import placed
from visage.training.position import Position, random_states, set_random_states
from visage.training.precision import Stepper, autocast
from visage.training.progress import ProgressBar
from visage.training.setup import TrainingData
from visage.training.validation import Forward, validate
from visage.vision.loader import Batch


class Trainer:
    """A training that can be interrupted behind each step: `state_dict` holds all that changes."""

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
        self.network = placed(network, recipe, on=on)
        self.data = data
        self.recipe = recipe
        self.seed = seed
        self.lr = lr
        self.machine = on
        with explained(recipe, on=on):
            self.feed = feed_for(data, recipe=recipe, seed=seed, network=self.network, on=on)
        whole = self._forward(self.network)
        self.forward: Forward = compiled(whole) if recipe.compile else whole
        self.balance = balance(recipe, tasks=network.spec.tasks).to(on.device)
        self.stepper = Stepper(
            optimizer(
                recipe.optimizer,
                self.network,
                lr=lr,
                weight_decay=recipe.weight_decay,
                layer_decay=recipe.layer_decay,
                head_lr_factor=recipe.head_lr_factor,
                others=list(self.balance.parameters()),
            ),
            amp=recipe.amp,
            on=on,
            clip_grad_norm=recipe.clip_grad_norm,
        )
        self.rate_factor = schedule(recipe.schedule)
        self.freezer = Freezer.of(self.network.backbone, recipe)
        decay = recipe.ema_decay
        self.average: AveragedModel | None = average(self.network, decay=decay) if decay else None
        self.position = Position()

    def _forward(self, network: Network) -> Forward:
        """Returns what makes outputs of the feed's batches."""
        return network.from_features if isinstance(self.feed, FeatureFeed) else network

    @property
    def kept(self) -> Network:
        """The network whose figures count: the average of the weights, or else the last ones."""
        if self.average is None:
            return self.network
        module = self.average.module
        assert isinstance(module, Network)
        return module

    def train_epoch(self, bar: ProgressBar, *, stepped: Callable[[], None]) -> dict[str, float]:
        """Trains an epoch, or the rest of it, and returns its columns of metrics/history.csv.

        stepped: is called behind each step, where `state_dict` is whole.

        Raises:
            DivergedError: the loss of a batch is not finite, or its gradient.
            OutOfMemoryError: a batch does not fit; the message says what to try.
            CompileError: train.compile, and torch can't.
        """
        at = self.position
        self._begin_epoch()
        with explained(self.recipe, on=self.machine):
            self._train_batches(bar, stepped)
        at.means = at.means.of_all(self.machine)
        row = {"epoch": at.epoch, "lr": at.lr, **at.means.columns("train")}
        at.end_epoch()
        return row

    def _train_batches(self, bar: ProgressBar, stepped: Callable[[], None]) -> None:
        at, started = self.position, time.perf_counter()
        for batch in self.feed.training(at.epoch, after=at.batch):
            at.batch += 1
            found = self._losses(batch.to(self.machine.device))
            refuse_nan(found, feed=self.feed, at=at, amp=self.recipe.amp)
            self.stepper.gather(found.total, share=self._share(batch))
            at.means.add(found, len(batch))
            bar.advance(self.feed.images_in_batch(at.batch))
            if self.feed.ends_step(at.batch):
                self._step()
                now = time.perf_counter()
                at.seconds, started = at.seconds + now - started, now
                stepped()

    def _begin_epoch(self) -> None:
        at = self.position
        if at.batch == 0:
            torch.manual_seed(self._dropout_seed())
            at.means = MeanLosses()
        self.network.train()
        self.freezer.apply(at.epoch)

    def _dropout_seed(self) -> int:
        """Processes drop out apart; the first one as if it were alone."""
        return self.seed * 1_000_003 + self.position.epoch + self.machine.rank * 7_919

    def _share(self, batch: Batch) -> float:
        """Returns the share of this process's images in the step."""
        return len(batch) / self.feed.images_in_step(self.position.batch)

    def _losses(self, batch: Batch) -> Losses:
        method, alpha = self.recipe.mix.method, self.recipe.mix.alpha
        mixed = mix(batch, method=method, alpha=alpha)
        labelled = known_in_all(batch, on=self.machine)
        found = partial(losses, self.network, balance=self.balance, labelled=labelled)
        with autocast(self.recipe.amp, self.machine.device):
            outputs = self.forward(mixed.first.images)
            first = found(outputs, mixed.first)
            if mixed.second is None:
                return first
            second = found(outputs, mixed.second)
        return blended(first, second, share=mixed.share)

    def _step(self) -> None:
        at, recipe = self.position, self.recipe
        moment = Moment(
            step=at.step,
            warmup_steps=recipe.warmup_epochs * self.feed.steps_per_epoch,
            total_steps=recipe.epochs * self.feed.steps_per_epoch,
            values=tuple(at.monitored[max(0, recipe.warmup_epochs - 1) :]),
            plateau_factor=recipe.plateau.factor,
            plateau_patience=recipe.plateau.patience,
        )
        share = self.rate_factor(moment)
        for group in self.stepper.optimizer.param_groups:
            group["lr"] = group[PEAK] * share
        if not self.stepper.step():
            refuse_infinite_step(feed=self.feed, at=at, amp=recipe.amp)
        if self.average is not None:
            self.average.update_parameters(self.network)
        at.lr, at.step = self.lr * share, at.step + 1

    @property
    def validated(self) -> bool:
        """Whether there is a validation part to choose the epoch with."""
        return len(self.data.validation) > 0

    def validate(self) -> dict[str, float]:
        """Returns the validation columns of metrics/history.csv; none without that part.

        `val_raw_` are those of the last weights, where their average is what is kept.
        """
        if not self.validated:
            return {}
        started = time.perf_counter()
        with explained(self.recipe, on=self.machine):
            figures = self._validate(self.kept)
            if self.average is not None:
                raw = self._validate(self.network)
                figures |= {name.replace("val_", "val_raw_", 1): raw[name] for name in raw}
        self.position.validating += time.perf_counter() - started
        return figures

    def _validate(self, network: Network) -> dict[str, float]:
        read = self.feed.validation()
        return validate(
            network, read, forward=self._forward(network), balance=self.balance, on=self.machine
        )

    @property
    def seconds(self) -> float:
        """What the training has cost so far: features that are kept, steps and validation."""
        return self.feed.preparing + self.position.seconds + self.position.validating

    def state_dict(self) -> dict[str, Any]:
        """Returns all that changes in a training, between two steps; tensors are not copied.

        All processes call this together: networks are alike, `shares` has what each has of its own.
        """
        own = {
            "position": self.position.state_dict(),
            "random": random_states(self.machine.device),
        }
        return {
            "network": self.network.state_dict(),
            "balance": self.balance.state_dict(),
            "average": None if self.average is None else self.average.state_dict(),
            "stepper": self.stepper.state_dict(),
            "shares": gathered(own, on=self.machine),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes over what `state_dict` returned."""
        self.network.load_state_dict(state["network"])
        self.balance.load_state_dict(state["balance"])
        if self.average is not None:
            self.average.load_state_dict(state["average"])
        self.stepper.load_state_dict(state["stepper"])
        shares, alike = state["shares"], len(state["shares"]) == self.machine.processes
        positions = [Position.of(share["position"]) for share in shares]
        self.position = positions[self.machine.rank if alike else 0]
        if alike:
            set_random_states(shares[self.machine.rank]["random"], self.machine.device)
        else:  # shared otherwise: the first process takes what all have counted
            means = [position.means for position in positions if self.machine.is_first]
            self.position.means = MeanLosses.together(means)
            torch.manual_seed(self._dropout_seed() + self.position.batch)
