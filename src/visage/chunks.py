"""A stream in lists of bounded length, as itertools.batched of Python 3.12 gives tuples."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yields the items in lists of `size`, the last one shorter; nothing where there are none."""
    stream = iter(items)
    while chunk := list(islice(stream, size)):
        yield chunk
