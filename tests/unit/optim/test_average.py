import pytest
from torch import nn

from visage.optim.average import average


def followed(values: list[float], *, decay: float) -> float:
    network = nn.Linear(1, 1, bias=False)
    mean = average(network, decay=decay)
    for value in values:
        nn.init.constant_(network.weight, value)
        mean.update_parameters(network)
    return mean.module.weight.item()


def test_the_average_starts_at_the_first_weights() -> None:
    assert followed([3.0], decay=0.9) == 3


def test_early_on_the_decay_is_smaller() -> None:
    assert followed([3.0, 1.0], decay=0.999) == pytest.approx(2 / 11 * 3 + 9 / 11 * 1)


def test_later_it_is_the_moving_average_of_its_decay() -> None:
    values = [float(value) for value in range(60)]
    expected = values[0]
    for n, value in enumerate(values[1:], start=1):
        share = min(0.5, (1 + n) / (10 + n))
        expected = share * expected + (1 - share) * value
    assert followed(values, decay=0.5) == pytest.approx(expected)


def test_statistics_of_batch_norms_are_averaged_and_their_batches_counted() -> None:
    network = nn.BatchNorm1d(2)
    mean = average(network, decay=0.9)
    for value in (0.0, 11.0):
        nn.init.constant_(network.running_mean, value)
        network.num_batches_tracked += 1
        mean.update_parameters(network)
    assert mean.module.running_mean.tolist() == pytest.approx([9.0, 9.0])
    assert mean.module.num_batches_tracked == 2


def test_the_network_itself_stays_as_it_was() -> None:
    network = nn.Linear(1, 1)
    before = network.weight.clone()
    average(network, decay=0.9).update_parameters(network)
    assert network.weight.equal(before)
    assert not average(network, decay=0.9).training
