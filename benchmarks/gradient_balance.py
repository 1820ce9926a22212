"""How large is the age's gradient beside the gender's at the trunk, at the start and later?

    python -m benchmarks.gradient_balance ../shared/utkface

The pooled features of EfficientNet-Lite0 (packaged weights, frozen, so that a training takes
seconds) are computed once for faces of UTKFace; on them the shared layers and both heads are
trained once a setting. Printed are, for each, the age's gradient norm at the features by the
gender's, at the first batch and as means over the middle and the last epoch, and MAE and gender
accuracy of the faces that were not trained on.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
import torch
from torch import Tensor, nn

from visage.data.decoding import Decoded, decode_original
from visage.data.sources import utkface
from visage.models.backbone import build, feature_width
from visage.models.head import GenderHead, age_head
from visage.models.network import shared_mlp
from visage.models.sources.packaged import BACKBONE, initial
from visage.models.weights import WeightsRequest, fit
from visage.params.data import Data
from visage.params.load import load
from visage.preprocess.resize import to_model_size

REGRESSIONS = [("regression", years) for years in (100, 50, 20, 10)]
SETTINGS = [*REGRESSIONS, ("distribution", 100), ("ordinal", 100)]
EPOCHS, BATCH, SIZE = 4, 32, 112


@dataclass(frozen=True)
class Faces:
    """Pooled features, (N, width), ages in years, (N, 2), and genders, (N,)."""

    features: Tensor
    ages: Tensor
    gender: Tensor

    def rows(self, chosen: Tensor | slice) -> "Faces":
        """Returns some of them."""
        return Faces(self.features[chosen], self.ages[chosen], self.gender[chosen])


class Heads(nn.Module):
    """What stands on the features: the shared layers and both heads."""

    def __init__(self, width: int, *, head: str, years: float) -> None:
        super().__init__()
        self.mlp = shared_mlp(width, (512, 256), dropout=0.1)
        self.age = age_head(head, 256, age_max=100, regression_scale_years=years)
        self.gender = GenderHead(256, pos_weight=1.1)

    def losses(self, faces: Faces) -> tuple[Tensor, Tensor]:
        """Returns the mean losses of age and gender."""
        shared = self.mlp(faces.features)
        age = self.age.loss(self.age(shared), faces.ages)
        return age.mean(), self.gender.loss(self.gender(shared), faces.gender).mean()

    @torch.inference_mode()
    def figures(self, faces: Faces) -> tuple[float, float]:
        """Returns MAE in years and gender accuracy."""
        shared = self.eval().mlp(faces.features)
        posterior = self.age.posterior(self.age(shared))
        errors = posterior @ torch.arange(101.0) - faces.ages.mean(dim=1)
        right = (self.gender(shared) > 0) == (faces.gender > 0)
        return errors.abs().mean().item(), right.float().mean().item()


def main() -> None:
    """Measures and prints."""
    asked = arguments()
    known = labelled(asked.root, n=asked.images, seed=asked.seed)
    split = round(0.8 * len(known.features))
    train, test = known.rows(slice(split)), known.rows(slice(split, None))
    print(f"{len(train.features)} faces, {len(test.features)} to test on, seed {asked.seed}")
    print("| head | unit (years) | rate | ratio: first | middle | last | MAE | accuracy |")
    print("|---|---|---|---|---|---|---|---|")
    for lr in asked.rates:
        for head, years in SETTINGS:
            torch.manual_seed(asked.seed)
            heads = Heads(known.features.shape[1], head=head, years=years)
            first, middle, last = trained(heads, train, lr=lr)
            mae, accuracy = heads.figures(test)
            print(
                f"| {head} | {years if head == 'regression' else ''} | {lr:.0e} | {first:.2f} "
                f"| {middle:.2f} | {last:.2f} | {mae:.2f} | {accuracy:.3f} |",
                flush=True,
            )


def arguments() -> argparse.Namespace:
    """Returns the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", type=Path, help="the folder of UTKFace's cropped faces")
    parser.add_argument("--images", type=int, default=3000)
    parser.add_argument("--rates", type=float, nargs="+", default=[2e-4, 1e-3])
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


@torch.inference_mode()
def labelled(root: Path, *, n: int, seed: int) -> Faces:
    """Returns `n` faces drawn from those with both labels and at most 100 years."""
    data = load(Data).model_copy(update={"source": "utkface", "root": str(root)})
    source = utkface.read(data)
    certain = [one for one in source.records if not one.malformed and int(one.age or 0) <= 100]
    drawn = np.random.default_rng(seed).permutation(len(certain))[:n]
    records = [certain[row] for row in drawn]
    backbone = build(BACKBONE, kwargs={})
    asked = WeightsRequest(BACKBONE, tag=None, path=None, min_matched=1.0, kwargs={}, seed=0)
    fit(backbone.eval(), initial(asked).state, origin="the package")
    images = [read(root / str(one.path)) for one in records]
    batches = [torch.stack(images[start : start + 64]) for start in range(0, n, 64)]
    features = torch.cat([backbone((batch / 255 - 0.5) / 0.5) for batch in batches])
    assert features.shape[1] == feature_width(backbone)
    ages = torch.tensor([float(one.age or 0) for one in records])
    gender = torch.tensor([int(one.gender == source.codes.male) for one in records])
    return Faces(features.clone(), ages[:, None].expand(-1, 2), gender)


def read(path: Path) -> Tensor:
    """Returns a face as the network takes it, (3, 112, 112), 0-255."""
    decoded = decode_original(path.read_bytes())
    assert isinstance(decoded, Decoded), f"{path}: {decoded.value}"
    return torch.from_numpy(to_model_size(decoded.image, size=SIZE)).permute(2, 0, 1).float()


def trained(heads: Heads, faces: Faces, *, lr: float) -> tuple[float, float, float]:
    """Trains, and returns the ratios: the first batch's, the middle and last epoch's means."""
    optimizer = torch.optim.AdamW(heads.parameters(), lr, weight_decay=5e-5)
    steps = len(faces.features) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=EPOCHS * steps)
    epochs: list[list[float]] = []
    for _ in range(EPOCHS):
        order = torch.split(torch.randperm(len(faces.features)), BATCH)[:steps]
        epochs.append([step(heads, faces.rows(rows), optimizer, schedule) for rows in order])
    return epochs[0][0], mean(epochs[EPOCHS // 2]), mean(epochs[-1])


def step(
    heads: Heads,
    faces: Faces,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> float:
    """Takes a step and returns the age's gradient norm at the features by the gender's."""
    faces.features.requires_grad_()
    both = heads.train().losses(faces)
    norms = [torch.autograd.grad(one, faces.features, retain_graph=True)[0].norm() for one in both]
    optimizer.zero_grad()
    torch.autograd.backward(list(both))
    nn.utils.clip_grad_norm_(heads.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    return float(norms[0] / norms[1])


if __name__ == "__main__":
    main()
