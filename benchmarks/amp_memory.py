"""How much memory does mixed precision save in training?

    python -m benchmarks.amp_memory --size 224 --batch 8

Of one forward pass in training mode, without precision loss and under autocast: the bytes that are
kept for the backward pass (distinct storages that autograd saves, weights excepted), and all that a
step holds, with the fp32 weights, their gradients and AdamW's two moments, which no precision
changes. Counted at two batch sizes, not timed, so a busy machine changes nothing.
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from visage.models.backbone import build
from visage.params.train import Amp
from visage.training.precision import autocast

MODES: tuple[Amp, ...] = ("off", "bf16")
STATES = 4  # weights, gradients and two moments
MB = 2**20


def main() -> None:
    """Counts and prints."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("backbones", nargs="*", default=["resnet18", "efficientnet_b0"])
    options.add_argument("--size", type=int, default=224, help="pixels")
    options.add_argument("--batch", type=int, default=8, help="of what is counted")
    options.add_argument("--trained-batch", type=int, default=32, help="of a step's whole memory")
    given = options.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    for name in given.backbones:
        network = build(name).to(device).train()
        states = STATES * sum(weights.nbytes for weights in network.parameters())
        kept = {mode: Kept.of(network, mode, n=given.batch, size=given.size) for mode in MODES}
        least = states + kept["off"].step(given.trained_batch)
        for mode, of in kept.items():
            whole = states + of.step(given.trained_batch)
            print(
                f"{name}, {given.size} px, {mode}: {of.image / MB:.1f} MB an image "
                f"({of.image / kept['off'].image:.2f}), a step of {given.trained_batch} "
                f"{whole / MB:.0f} MB ({whole / least:.2f})",
                flush=True,
            )


@dataclass(frozen=True)
class Kept:
    """Bytes that are kept for the backward pass: of each image, and once, as weights in bf16."""

    image: float
    once: float

    @classmethod
    def of(cls, network: nn.Module, mode: Amp, *, n: int, size: int) -> "Kept":
        """Counts at `n` and 2n images."""
        device = next(network.parameters()).device
        images = torch.rand(2 * n, 3, size, size, device=device)
        half, whole = (saved_bytes(network, images[:count], mode) for count in (n, 2 * n))
        return cls(image=(whole - half) / n, once=2 * half - whole)

    def step(self, n: int) -> float:
        """Bytes of a step with `n` images."""
        return self.once + n * self.image


def saved_bytes(network: nn.Module, images: Tensor, mode: Amp) -> int:
    """Returns the bytes that a forward pass keeps for the backward pass, weights excepted."""
    own = {weights.untyped_storage().data_ptr() for weights in network.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    saving = torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor)
    with saving, autocast(mode, images.device):
        outputs = network(images)
    assert outputs.requires_grad, "the graph holds what was kept"
    return sum(kept.values())


if __name__ == "__main__":
    main()
