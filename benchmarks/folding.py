"""How much faster is a training step when batch norms that stand still are folded?

    python -m benchmarks.folding --size 112

One batch, forward and backward, with norms that move, with norms that stand still and are computed
apart, and with the same inside their convolutions, taken in turn so that a busy machine slows all
alike. Printed are images a second (the best round and the median) and the ratio to norms that move.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

import torch
from torch import Tensor, nn

from visage.models.backbone import build
from visage.models.folding import fold

WAYS = ("move", "stand still", "folded")


def main() -> None:
    """Measures and prints."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--backbone", default="tf_efficientnet_lite0")
    options.add_argument("--size", type=int, default=112, help="pixels")
    options.add_argument("--batch", type=int, default=32)
    options.add_argument("--rounds", type=int, default=6)
    given = options.parse_args()
    steps = {way: step(given.backbone, way, batch=given.batch, size=given.size) for way in WAYS}
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(given.rounds + 1):
        for way, one in steps.items():
            started = time.perf_counter()
            one()
            seconds[way].append(time.perf_counter() - started)
    base = median(seconds["move"][1:])  # the first round warms up
    for way, taken in seconds.items():
        best, middle = (given.batch / some for some in (min(taken[1:]), median(taken[1:])))
        ratio = base / median(taken[1:])
        print(f"{way:12s} {best:6.1f} best, {middle:6.1f} median images/s, {ratio:.2f}")


def step(name: str, way: str, *, batch: int, size: int) -> Callable[[], None]:
    """Returns a function that takes one step's forward and backward pass."""
    network: nn.Module = build(name).to(memory_format=torch.channels_last).train()
    if way == "folded":
        fold(network, image_size=size)
    if way != "move":
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
    images: Tensor = torch.randn(batch, 3, size, size).to(memory_format=torch.channels_last)

    def one() -> None:
        network(images).square().mean().backward()
        network.zero_grad()

    return one


if __name__ == "__main__":
    main()
