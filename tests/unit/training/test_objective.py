"""The loss of a batch: which images count for which head."""

import pytest
import torch

from visage.codes import Task
from visage.inference.machine import Machine
from visage.models.backbone import Normalisation
from visage.models.network import Network, NetworkSpec, Outputs
from visage.params.train import LossWeights
from visage.training.balance import Static
from visage.training.objective import Losses, MeanLosses, known, known_in_all, losses
from visage.vision.loader import Batch

PLAIN = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
WEIGHTS = Static(LossWeights(age=1.0, gender=2.0))
NAN = float("nan")


@pytest.fixture(scope="module")
def network() -> Network:
    tasks = (Task.AGE, Task.GENDER)
    return Network(
        NetworkSpec("test_resnet", {}, 0.0, tasks, "regression", 100, (), 0.0, 32, PLAIN)
    )


def found(network: Network, ages: list[float], genders: list[int]) -> Losses:
    return losses(network, raw(len(ages)), labelled(ages, genders), balance=WEIGHTS)


def raw(n: int) -> Outputs:
    return Outputs(torch.linspace(0.1, 0.9, n, requires_grad=True), torch.linspace(-2, 2, n))


def labelled(ages: list[float], genders: list[int]) -> Batch:
    n = len(ages)
    return Batch(
        torch.zeros(n, 3, 32, 32, dtype=torch.uint8),
        torch.tensor(ages)[:, None].expand(n, 2),
        torch.tensor(genders),
    )


def test_the_total_is_the_weighted_sum(network: Network) -> None:
    one = found(network, [20.0, 60.0], [0, 1])
    assert one.total.item() == pytest.approx((one.age.mean + 2 * one.gender.mean).item())


def test_images_without_a_label_do_not_count(network: Network) -> None:
    whole, some = (
        found(network, [20.0, 30.0, 60.0], [0, 1, 1]),
        found(network, [20.0, NAN, 60.0], [0, 1, 1]),
    )
    single = [
        network.age.loss(torch.tensor([raw]), torch.tensor([[age, age]]))
        for raw, age in ((0.1, 20.0), (0.9, 60.0))
    ]
    assert some.age.mean.item() == pytest.approx(torch.cat(single).mean().item())
    assert some.gender.mean.item() == whole.gender.mean.item()


def test_a_batch_without_any_label_of_a_task_leaves_its_head_alone(network: Network) -> None:
    some = found(network, [NAN, NAN], [0, 1])
    some.total.backward()
    assert some.age.mean.item() == 0
    assert torch.isfinite(some.total)


def test_means_over_batches_count_labels_not_batches(network: Network) -> None:
    means = MeanLosses()
    first, second = found(network, [20.0, 30.0], [0, 1]), found(network, [NAN, 60.0], [-1, -1])
    means.add(first, 2)
    means.add(second, 2)
    expected = (2 * first.age.mean + second.age.mean) / 3
    assert means.columns("val")["val_loss_age"] == pytest.approx(expected.item())
    assert means.columns("val")["val_loss_gender"] == pytest.approx(first.gender.mean.item())


def test_shares_with_few_and_many_labels_weigh_as_in_one_batch(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    ages, genders = [20.0, NAN, 60.0, NAN, 35.0], [0, 1, -1, -1, 1]
    whole, outputs = labelled(ages, genders), raw(5)
    counts = known(whole)
    told = torch.stack([counts.age, counts.gender, torch.tensor(5)]).float()
    monkeypatch.setattr("visage.training.objective.summed", lambda values, on: told)
    total, means = torch.zeros(()), MeanLosses()
    for rank in (0, 1):
        share = labelled(ages[rank::2], genders[rank::2])
        n = known_in_all(share, on=Machine(torch.device("cpu"), 0, rank, 2))
        seen = Outputs(*(some[rank::2] for some in (outputs.age, outputs.gender)))
        one = losses(network, seen, share, balance=WEIGHTS, labelled=n)
        means.add(one, len(share))
        total = total + one.total * len(share) / 5
    expected = losses(network, outputs, whole, balance=WEIGHTS)
    assert total.item() == pytest.approx(expected.total.item())
    columns = means.columns("train")
    assert columns["train_loss_age"] == pytest.approx(expected.age.mean.item())
    assert columns["train_loss_gender"] == pytest.approx(expected.gender.mean.item())
