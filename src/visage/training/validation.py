"""The figures of the validation part after an epoch: one view, gender threshold 0.5."""

from collections.abc import Callable, Iterable

import numpy as np
import torch
from torch import Tensor

from visage.inference.machine import Machine
from visage.inference.processes import gathered
from visage.metrics.age import mae, rmse
from visage.metrics.gender import macro_f1
from visage.metrics.harmonic import harmonic
from visage.models.network import Network, Outputs
from visage.training.balance import Balance
from visage.training.objective import MeanLosses, losses
from visage.vision.loader import Batch

Forward = Callable[[Tensor], Outputs]


@torch.inference_mode()
def validate(
    network: Network,
    read: Iterable[Batch],
    *,
    forward: Forward,
    balance: Balance,
    on: Machine,
) -> dict[str, float]:
    """Returns the `val_` columns of metrics/history.csv, in full precision.

    Args:
        network: is evaluated.
        read: this process's share of the part.
        forward: makes outputs of a batch's images, or of what stands in their place.
        balance: of the losses.
        on: the processes that have a share.
    """
    network.eval()
    means, truths, estimates = MeanLosses(), [np.zeros((2, 0))], [np.zeros((2, 0))]
    for batch in read:
        moved = batch.to(on.device)
        outputs = forward(moved.images)
        means.add(losses(network, outputs, moved, balance=balance), len(batch))
        truths.append(np.stack([batch.ages.mean(dim=1).numpy(), batch.gender.numpy()]))
        estimates.append(_estimates(network, outputs))
    truth, estimate = (
        np.concatenate(gathered(np.concatenate(some, axis=1), on=on), axis=1)
        for some in (truths, estimates)
    )
    return {**means.of_all(on).columns("val"), **_figures(network, truth, estimate)}


def _estimates(network: Network, outputs: Outputs) -> np.ndarray:
    """Returns ages in years and genders, (2, N); NaN where the task is not trained."""
    some = outputs.age if outputs.age is not None else outputs.gender
    assert some is not None
    found = torch.full((2, len(some)), torch.nan)
    if network.age is not None and outputs.age is not None:
        posterior = network.age.posterior(outputs.age)
        found[0] = (
            posterior @ torch.arange(posterior.shape[1], device=posterior.device).float()
        ).cpu()
    if outputs.gender is not None:
        found[1] = (outputs.gender >= 0).float().cpu()
    return found.numpy()


def _figures(network: Network, truth: np.ndarray, estimate: np.ndarray) -> dict[str, float]:
    figures: dict[str, float] = {}
    if network.age is not None:
        age, told = truth[0], estimate[0]
        known = ~np.isnan(age)
        figures |= {
            "val_rmse": float(rmse(age[known], told[known])),
            "val_mae": float(mae(age[known], told[known])),
        }
    if network.gender is not None:
        gender, said = truth[1].astype(int), estimate[1].astype(int)
        known = gender >= 0
        figures["val_gender_f1"] = float(macro_f1(gender[known], said[known]))
    if network.age is not None and network.gender is not None:
        figures["val_harmonic"] = float(harmonic(figures["val_rmse"], figures["val_gender_f1"]))
    return figures
