"""Many objects in a file: what goes in comes out, in order, from any place."""

import os
import pickle
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visage.codes import Part
from visage.data.packed import CHUNK, ByValues, Packed
from visage.data.source import Record

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]


@pytest.mark.parametrize("n", SIZES)
def test_it_is_a_list(n: int) -> None:
    packed, items = Packed(range(n)), list(range(n))
    assert len(packed) == n
    assert list(packed) == items
    assert list(packed) == items, "it can be gone through twice"
    assert packed[1:] == items[1:]
    assert list(reversed(packed)) == items[::-1]


@given(n=st.integers(1, 2 * CHUNK + 2), data=st.data())
def test_any_place_can_be_looked_at(n: int, data: st.DataObject) -> None:
    packed, items = Packed(range(n)), list(range(n))
    for place in data.draw(st.lists(st.integers(-n, n - 1), min_size=1, max_size=5)):
        assert packed[place] == items[place]


def test_what_is_added_after_a_look_is_seen() -> None:
    packed = Packed(range(CHUNK - 1))
    assert packed[-1] == CHUNK - 2
    packed.extend(["last of the chunk", "first of the next"])
    assert packed[CHUNK - 2 :] == [CHUNK - 2, "last of the chunk", "first of the next"]


@pytest.mark.parametrize("place", [3, -4])
def test_there_is_nothing_beyond(place: int) -> None:
    with pytest.raises(IndexError):
        Packed("abc")[place]


def test_two_can_go_through_it_at_once() -> None:
    packed = Packed(range(2 * CHUNK + 1))
    assert list(zip(packed, packed, strict=True)) == [(n, n) for n in range(2 * CHUNK + 1)]


def test_rows_come_back_as_they_were_and_take_little() -> None:
    records = [
        Record(id=f"{n:06d}", row=n, path=f"faces/{n:06d}.jpg", age=str(n % 90), official_part=part)
        for n, part in enumerate([Part.TRAIN, None] * (2 * CHUNK))
    ]
    packed = Packed(records)
    assert list(packed) == records
    assert os.fstat(packed._file.fileno()).st_size < 64 * len(records)


@dataclass(frozen=True, slots=True)
class Pair(ByValues):
    one: int
    other: str = ""


def test_values_are_pickled_in_place_of_the_object() -> None:
    pair = Pair(3, "b")
    assert pickle.loads(pickle.dumps(pair)) == pair
    assert pair.__reduce__() == (Pair, (3, "b"))
