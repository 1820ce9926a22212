"""The parallel map: order kept, memory bounded, errors passed on; in threads and in processes."""

import gc
import math
import os
import time
from collections.abc import Iterator

import pytest

from visage.data.parallel import CHUNK, PROCESSES_FROM, WAITING_PER_WORKER, ordered_map

nothing = gc.enable  # processes must be able to import it, and can't import tests
PROCESS = "__import__('os').getpid()"


def test_results_come_in_the_order_of_the_items() -> None:
    def slow_when_even(item: int) -> int:
        time.sleep(0.002 * (item % 2 == 0))
        return item * 10

    found = ordered_map(slow_when_even, range(100), prepare=nothing, workers=4)
    assert list(found) == list(range(0, 1000, 10))


def test_processes_give_what_threads_give() -> None:
    items = range(-50, 50)
    threads = list(ordered_map(abs, items, prepare=nothing, workers=2))
    assert list(ordered_map(abs, items, prepare=nothing, workers=2, processes_from=1)) == threads


def test_many_items_are_worked_on_elsewhere_and_few_are_not() -> None:
    few = ordered_map(eval, [PROCESS] * 10, prepare=nothing)
    many = ordered_map(eval, [PROCESS] * 10, prepare=nothing, processes_from=10)
    assert set(few) == {os.getpid()}
    assert os.getpid() not in set(many)


def test_items_are_taken_only_as_results_are() -> None:
    class Items:
        taken = 0

        def __len__(self) -> int:
            return PROCESSES_FROM - 1

        def __iter__(self) -> Iterator[int]:
            for item in range(len(self)):
                self.taken += 1
                yield item

    items = Items()
    results = ordered_map(abs, items, prepare=nothing, workers=2)
    next(results)
    found = items.taken
    results.close()
    assert found <= 2 * WAITING_PER_WORKER * CHUNK


def test_nothing_gives_nothing() -> None:
    assert list(ordered_map(abs, [], prepare=nothing)) == []


@pytest.mark.parametrize("processes_from", [1, 2])
def test_error_of_a_worker_is_raised(processes_from: int) -> None:
    with pytest.raises(ValueError, match="domain"):
        list(ordered_map(math.sqrt, [-1], prepare=nothing, processes_from=processes_from))
