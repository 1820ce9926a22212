"""A list of many small objects in little memory: what is not looked at is deflated, in a file.

A row of a data set is a dozen Python objects, about a kilobyte; deflated together with its
neighbours it is some fifty bytes. They lie in a temporary file without a name, so that memory
doesn't grow with them and nothing is left behind, however the program ends.
"""

import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter, eq
from typing import Any, Final, TypeVar, overload

from visage.files.scratch import scratch

T = TypeVar("T")

CHUNK: Final = 1024  # items that are pickled and deflated together
LEVEL: Final = 1  # of zlib: the others take longer than reading the images' names


class ByValues:
    """Base of dataclasses of two fields and more that pickle as a call with their values.

    Those that are frozen and have slots look their fields up otherwise, which takes three times
    as long as all else.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[type, Any]:
        return type(self), self.plain()

    def plain(self) -> tuple[Any, ...]:
        """The fields' values; `dataclasses.astuple` would copy each."""
        cls: Any = type(self)
        values: tuple[Any, ...] = _values(cls)(self)
        return values


@cache
def _values(cls: Any) -> "attrgetter[Any]":
    return attrgetter(*cls.__match_args__)


class Packed(Sequence[T]):
    """A sequence that can only grow; its items are whatever pickle takes, and never changed.

    Going through all items costs about 5 microseconds each; one item costs those of its chunk.
    """

    def __init__(self, items: Iterable[T] = ()) -> None:
        """Takes the first items."""
        self._file = scratch(self)
        self._ends = [0]  # of the chunks, in bytes of the file
        self._open: list[T] = []  # the last items, not yet packed
        self._looked_at: tuple[int, list[T]] = (-1, [])
        self.extend(items)

    def append(self, item: T) -> None:
        """Adds an item."""
        self._open.append(item)
        if len(self._open) == CHUNK:
            content = zlib.compress(pickle.dumps(self._open, pickle.HIGHEST_PROTOCOL), LEVEL)
            self._file.seek(self._ends[-1])
            self._file.write(content)
            self._ends.append(self._ends[-1] + len(content))
            self._open = []

    def extend(self, items: Iterable[T]) -> None:
        """Adds items."""
        for item in items:
            self.append(item)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Packed) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]  # it grows

    def __len__(self) -> int:
        return (len(self._ends) - 1) * CHUNK + len(self._open)

    def __iter__(self) -> Iterator[T]:
        """Yields the items that are there when it gets to them."""
        number = 0
        while items := self._chunk(number):
            yield from items
            number += 1

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        places = range(len(self))[place]
        if isinstance(places, range):
            return [self[one] for one in places]
        number, within = divmod(places, CHUNK)
        if number != self._looked_at[0] or number == len(self._ends) - 1:
            self._looked_at = number, self._chunk(number)
        return self._looked_at[1][within]

    def _chunk(self, number: int) -> list[T]:
        """Returns the items of a chunk; the one behind the last is empty."""
        if number >= len(self._ends) - 1:
            return self._open if number == len(self._ends) - 1 else []
        start, end = self._ends[number : number + 2]
        self._file.seek(start)
        items: list[T] = pickle.loads(zlib.decompress(self._file.read(end - start)))  # noqa: S301
        return items
