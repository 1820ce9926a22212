"""How fast a training step is under each precision and memory layout, on this machine.

bf16 triples a ResNet-18 on a CPU that computes in it, and slows EfficientNet-Lite0 on the same one:
nobody can know it beforehand. All settings take turns, round by round, so that a busy minute of the
machine falls on each of them.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import torch

from visage.errors import VisageError
from visage.inference.machine import Machine
from visage.models.network import Network, NetworkSpec
from visage.optim.policy import Freezer
from visage.params.train import Amp, LossWeights, Train
from visage.training.balance import Static
from visage.training.compiling import compiled
from visage.training.objective import losses
from visage.training.placing import placed
from visage.training.precision import Stepper, autocast
from visage.vision.loader import Batch

MODES: tuple[Amp, ...] = ("off", "bf16", "fp16")
LAYOUTS = (False, True)
CLEARLY = 1.05  # a smaller gain over full precision is not worth its loss of digits


@dataclass(frozen=True)
class Setting:
    """Values of train.amp and train.channels_last."""

    amp: Amp
    channels_last: bool


@dataclass(frozen=True)
class Timing:
    """Images a second of the median step; None where torch refuses, with its words."""

    setting: Setting
    images_per_second: float | None
    refusal: str = ""


class NoTimingError(VisageError):
    """torch refuses every setting."""


def timings(
    spec: NetworkSpec, recipe: Train, *, batch_size: int, rounds: int, on: Machine
) -> Iterator[Timing]:
    """Yields each setting's timing of forward, backward and an AdamW step on random images.

    The step is that of the recipe's last epoch: what learns, and norms that stand still.

    Raises:
        BackboneError: the backbone takes no images of this size.
    """
    settings = [Setting(*both) for both in product(MODES, LAYOUTS)]
    steps: dict[Setting, Callable[[], None]] = {}
    seconds: dict[Setting, list[float]] = {setting: [] for setting in settings}
    refusals: dict[Setting, str] = {}
    for _round in range(rounds + 1):
        for setting in settings:
            if setting in refusals:
                continue
            try:
                if setting not in steps:
                    steps[setting] = _step(
                        spec, recipe, setting=setting, batch_size=batch_size, on=on
                    )
                seconds[setting].append(_seconds(steps[setting], on.device))
            except RuntimeError as error:
                refusals[setting] = str(error).splitlines()[0]
    for setting in settings:
        if setting in refusals:
            yield Timing(setting, None, refusals[setting])
        else:
            warm = seconds[setting][1:]
            yield Timing(setting, batch_size / statistics.median(warm))


def best(found: list[Timing]) -> Setting:
    """Returns the setting to take: the fastest, if it is clearly faster than full precision.

    Raises:
        NoTimingError: none could be timed.
    """
    known = [timing for timing in found if timing.images_per_second]
    if not known:
        raise NoTimingError(
            f"no setting could be timed ({found[0].refusal}); try a smaller --batch-size or "
            "--image-size"
        )
    fastest = max(known, key=_rate)
    full = max((t for t in known if t.setting.amp == "off"), key=_rate, default=fastest)
    return (fastest if _rate(fastest) > CLEARLY * _rate(full) else full).setting


def _rate(timing: Timing) -> float:
    return timing.images_per_second or 0.0


def _seconds(step: Callable[[], None], device: torch.device) -> float:
    started = time.perf_counter()
    step()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - started


def _step(
    spec: NetworkSpec, recipe: Train, *, setting: Setting, batch_size: int, on: Machine
) -> Callable[[], None]:
    settled = recipe.model_copy(update={"channels_last": setting.channels_last})
    network = placed(Network(spec), settled, on=on).train()
    Freezer.of(network.backbone, recipe).apply(recipe.epochs)
    batch = _random_batch(spec, batch_size=batch_size).to(on.device)
    stepper = Stepper(
        torch.optim.AdamW(network.parameters(), 1e-4, fused=True),
        amp=setting.amp,
        on=on,
        clip_grad_norm=1.0,
    )
    balance = Static(LossWeights(age=1.0, gender=1.0))

    forward = compiled(network) if recipe.compile else network

    def step() -> None:
        with autocast(setting.amp, on.device):
            found = losses(network, forward(batch.images), batch, balance=balance)
        stepper.gather(found.total, share=1)
        stepper.step()

    return step


def _random_batch(spec: NetworkSpec, *, batch_size: int) -> Batch:
    draws = torch.Generator().manual_seed(0)
    shape = (batch_size, 3, spec.image_size, spec.image_size)
    images = torch.randint(256, shape, generator=draws, dtype=torch.uint8)
    ages = torch.randint(spec.age_max, (batch_size, 1), generator=draws).float().repeat(1, 2)
    return Batch(images, ages, torch.randint(2, (batch_size,), generator=draws))
