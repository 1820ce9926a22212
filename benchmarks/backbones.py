"""What does a backbone cost where its head, its last block or all of it learns?

    python -m benchmarks.backbones vgg16 efficientnet_b0 convnext_tiny --size 224

Random weights: time does not ask what they are. Printed are parameters that learn and milliseconds
an image: `head_only` is the pass without gradients that computes features (all epochs reuse them),
`last_block` and `full` are a step's forward and backward pass with one logit behind the backbone.
The ways take turns, so that a busy machine slows all alike; medians of the rounds, and their ratio
to the first backbone's.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

import torch

from visage.codes import Task
from visage.models.backbone import Normalisation
from visage.models.network import Network, NetworkSpec
from visage.optim.policy import Freezer

POLICIES = ("head_only", "last_block", "full")
PLAIN = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


def main() -> None:
    """Measures and prints."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("backbones", nargs="+", help="timm's names")
    options.add_argument("--size", type=int, default=224, help="pixels")
    options.add_argument("--batch", type=int, default=16)
    options.add_argument("--rounds", type=int, default=4)
    given = options.parse_args()
    ways = [(name, policy) for name in given.backbones for policy in POLICIES]
    steps = {way: step(*way, batch=given.batch, size=given.size) for way in ways}
    seconds: dict[tuple[str, str], list[float]] = {way: [] for way in ways}
    for _ in range(given.rounds + 1):
        for way, (one, _) in steps.items():
            started = time.perf_counter()
            one()
            seconds[way].append(time.perf_counter() - started)
    cost = {way: median(taken[1:]) / given.batch for way, taken in seconds.items()}
    for (name, policy), found in cost.items():
        ratio = found / cost[given.backbones[0], policy]
        learns = steps[name, policy][1]
        print(f"{name:24s} {policy:10s} {learns:11,d} learn {found * 1e3:7.1f} ms {ratio:5.2f}")


def step(name: str, policy: str, *, batch: int, size: int) -> tuple[Callable[[], None], int]:
    """Returns a function that does what a policy asks of one batch, and how many learn."""
    spec = NetworkSpec(name, {}, 0.0, (Task.GENDER,), "distribution", 100, (), 0.0, size, PLAIN)
    network = Network(spec).to(memory_format=torch.channels_last).train()
    Freezer(network.backbone, name=policy, frozen_stages=0, epochs=1).apply(1)
    learning = [p for p in network.parameters() if p.requires_grad]
    images = torch.randint(0, 256, (batch, 3, size, size), dtype=torch.uint8)
    images = images.to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def features() -> None:
        network.features(images)

    def learn() -> None:
        logits = network(images).gender
        assert logits is not None
        logits.square().mean().backward()
        network.zero_grad()

    count = sum(parameter.numel() for parameter in learning)
    return features if policy == "head_only" else learn, count


if __name__ == "__main__":
    main()
