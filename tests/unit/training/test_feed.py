"""Several processes together read an epoch's draws once, in their order."""

from collections.abc import Callable

import pytest
import torch

from visage.inference.machine import Machine
from visage.params.train import Train
from visage.training.feed import Feed, SharingError
from visage.training.setup import TrainingData
from visage.vision.loader import draw

Recipe = Callable[..., Train]
MANY = (1, 2, 3)


def feeds(data: TrainingData, recipe: Train, processes: int) -> list[Feed]:
    machines = (Machine(torch.device("cpu"), 0, rank, processes) for rank in range(processes))
    return [Feed(data, recipe=recipe, seed=3, on=on) for on in machines]


def dealt(shares: list[list[int]]) -> list[int]:
    """Returns the cards of players who got one in turn."""
    whole = [-1] * sum(map(len, shares))
    for rank, share in enumerate(shares):
        whole[rank :: len(shares)] = share
    return whole


@pytest.mark.parametrize("processes", MANY)
@pytest.mark.parametrize("after", [0, 1])
def test_each_draw_is_read_once_and_in_order(
    data: TrainingData, recipe: Recipe, processes: int, after: int
) -> None:
    alone, *_ = feeds(data, recipe(batch_size=6), 1)
    all_of = feeds(data, recipe(batch_size=6), processes)
    shares = [one.share(2, after=after) for one in all_of]
    expected = alone.share(2, after=0)
    assert len(set(expected.order)) < len(expected.order) == 16  # weighted: some twice
    assert dealt([share.order.tolist() for share in shares]) == expected.order[6 * after :].tolist()
    assert dealt([share.seeds.tolist() for share in shares]) == expected.seeds[6 * after :].tolist()


@pytest.mark.parametrize("processes", MANY)
def test_the_shares_of_a_batch_make_the_batch(
    data: TrainingData, recipe: Recipe, processes: int
) -> None:
    all_of = feeds(data, recipe(batch_size=6, augment="none"), processes)
    read = [list(one.training(1, after=0)) for one in all_of]
    assert {len(batches) for batches in read} == {3}
    for number in (1, 2, 3):  # the last one has four images
        parts = [batches[number - 1] for batches in read]
        assert sum(map(len, parts)) == all_of[0].images_in_batch(number)
        ages = dealt([part.ages[:, 0].tolist() for part in parts])
        names = all_of[0].ids(1, batch=number)
        assert ages == [data.train.ages[data.train.ids.index(name), 0] for name in names]


@pytest.mark.parametrize("processes", MANY)
def test_each_validation_image_is_read_once(
    data: TrainingData, recipe: Recipe, processes: int
) -> None:
    all_of = feeds(data, recipe(batch_size=6), processes)
    ages = [torch.cat([b.ages[:, 0] for b in one.validation()]).tolist() for one in all_of]
    assert dealt(ages) == data.validation.ages[:, 0].tolist()


def test_a_last_batch_without_an_image_for_each_is_left_out(
    data: TrainingData, recipe: Recipe
) -> None:
    steps = {n: feeds(data, recipe(batch_size=n), n)[0].batches_per_epoch for n in (3, 7)}
    assert steps == {3: 5, 7: 2}  # 16 images: one is left, and two


def test_a_batch_that_cannot_be_shared_is_refused(data: TrainingData, recipe: Recipe) -> None:
    with pytest.raises(SharingError, match="make it a multiple of 3"):
        feeds(data, recipe(batch_size=5), 3)


def test_an_epoch_draws_by_the_weights_from_its_seed(data: TrainingData, recipe: Recipe) -> None:
    alone, *_ = feeds(data, recipe(batch_size=6), 1)
    for epoch in (1, 2):
        expected = draw(data.weights, seed=3, epoch=epoch)
        found = alone.share(epoch, after=0)
        assert found.order.tolist() == expected.order.tolist()
        assert found.seeds.tolist() == expected.seeds.tolist()


@pytest.mark.parametrize(("batch", "images"), [(1, 12), (2, 12), (3, 4)])
def test_the_last_step_of_an_epoch_has_fewer_images(
    data: TrainingData, recipe: Recipe, batch: int, images: int
) -> None:
    alone, *_ = feeds(data, recipe(batch_size=6, accumulate=2), 1)
    assert alone.images_in_step(batch) == images  # of 16 in batches of 6, 6, 4


@pytest.mark.parametrize("workers", [0, 2])
def test_memory_for_decoded_images_changes_no_byte(
    data: TrainingData, recipe: Recipe, workers: int
) -> None:
    machines = [Machine(torch.device("cpu"), workers, decoded_bytes=room) for room in (0, 10**7)]
    small, large = (Feed(data, recipe=recipe(batch_size=6), seed=3, on=on) for on in machines)
    for number in (1, 2, 3):
        both = zip(small.training(number, after=0), large.training(number, after=0), strict=True)
        assert [torch.equal(a.images, b.images) for a, b in both] == [True] * 3
        both = zip(small.validation(), large.validation(), strict=True)
        assert all(torch.equal(a.images, b.images) for a, b in both)


def test_a_feed_decodes_an_image_once(data: TrainingData, recipe: Recipe) -> None:
    on = Machine(torch.device("cpu"), 0, decoded_bytes=10**7)
    feed = Feed(data, recipe=recipe(batch_size=6), seed=3, on=on)
    for number in (1, 2, 3):
        list(feed.training(number, after=0))
    list(feed.validation())
    feed.decoded.store = None  # nobody is left to decode
    assert len(list(feed.training(3, after=0))) == 3
    assert list(feed.validation())
