"""Groups of near-duplicates: connected components of the pairs within the distance."""

import pytest

from visage.data import near_duplicates
from visage.data.near_duplicates import near_duplicate_groups


def flipped(digest: str, *bits: int) -> str:
    return f"{int(digest, 16) ^ sum(1 << bit for bit in bits):064x}"


ZERO = "0" * 64


def test_distance_is_inclusive() -> None:
    near, far = flipped(ZERO, *range(10)), flipped(ZERO, *range(100, 111))
    assert near_duplicate_groups([ZERO, near, far], max_bits=10).tolist() == [0, 0, 2]


def test_chain_of_near_duplicates_is_one_group() -> None:
    chain = [flipped(ZERO, *range(length)) for length in (0, 8, 16, 24)]
    assert near_duplicate_groups(chain, max_bits=8).tolist() == [0, 0, 0, 0]


def test_group_is_named_by_its_first_member() -> None:
    other = "f" * 64
    assert near_duplicate_groups([other, ZERO, other, ZERO], max_bits=0).tolist() == [0, 1, 0, 1]


def test_differences_in_any_word_count() -> None:
    hashes = [ZERO, *(flipped(ZERO, *range(start, start + 12)) for start in (0, 64, 128, 192))]
    assert near_duplicate_groups(hashes, max_bits=11).tolist() == [0, 1, 2, 3, 4]


def test_many_equal_hashes_are_cheap() -> None:
    assert set(near_duplicate_groups([ZERO] * 20_000, max_bits=10)) == {0}


def test_merging_in_small_portions_changes_no_group(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = [flipped(ZERO, *range(length)) for length in range(0, 200, 3)]
    monkeypatch.setattr(near_duplicates, "HELD_PAIRS", 2)
    assert set(near_duplicate_groups(chain, max_bits=7)) == {0}


def test_no_images_have_no_groups() -> None:
    assert near_duplicate_groups([], max_bits=10).tolist() == []
