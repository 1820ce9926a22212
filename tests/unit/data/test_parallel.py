"""The parallel map: order kept, memory bounded, errors passed on."""

import time
from collections.abc import Iterator

import pytest

from visage.data.parallel import WAITING_PER_WORKER, ordered_map


def test_results_come_in_the_order_of_the_items() -> None:
    def slow_when_even(item: int) -> int:
        time.sleep(0.002 * (item % 2 == 0))
        return item * 10

    assert list(ordered_map(slow_when_even, range(40), workers=4)) == list(range(0, 400, 10))


def test_items_are_taken_only_as_results_are() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(1000):
            taken.append(item)
            yield item

    results = ordered_map(abs, items(), workers=2)
    next(results)
    found = len(taken)
    results.close()
    assert found <= 2 * WAITING_PER_WORKER


def test_nothing_gives_nothing() -> None:
    assert list(ordered_map(abs, [])) == []


def test_error_of_a_worker_is_raised() -> None:
    def fail(item: int) -> int:
        raise ArithmeticError(item)

    with pytest.raises(ArithmeticError):
        list(ordered_map(fail, [1]))
