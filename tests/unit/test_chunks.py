"""A stream in lists of bounded length."""

from itertools import count, islice

import pytest

from visage.chunks import chunks


@pytest.mark.parametrize(
    ("n", "sizes"), [(0, []), (1, [1]), (2, [2]), (5, [2, 2, 1])], ids=lambda value: str(value)
)
def test_lists_hold_the_items_in_their_order(n: int, sizes: list[int]) -> None:
    found = list(chunks(range(n), 2))
    assert [len(chunk) for chunk in found] == sizes
    assert [item for chunk in found for item in chunk] == list(range(n))


def test_no_more_is_taken_than_asked_for() -> None:
    stream = count()
    assert list(islice(chunks(stream, 3), 2)) == [[0, 1, 2], [3, 4, 5]]
    assert next(stream) == 6
