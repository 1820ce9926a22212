"""Near-duplicates: exactly the pairs within the distance, and their connected components."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import pdist, squareform

from visage.data.near_duplicates import near_duplicate_groups, near_pairs


def flipped(digest: str, *bits: int) -> str:
    return f"{int(digest, 16) ^ sum(1 << bit for bit in bits):064x}"


ZERO = "0" * 64


def clustered_bits(seed: int) -> NDArray[np.bool_]:
    """Returns 90 hashes of 256 bits: 30 random ones, each with two copies of up to 15 flips."""
    rng = np.random.default_rng(seed)
    bits = np.repeat(rng.random((30, 256)) < 0.5, 3, axis=0)
    for row in bits:
        row[rng.integers(0, 256, rng.integers(0, 16))] ^= True
    return bits


@pytest.mark.parametrize("max_bits", [0, 5, 10, 20, 64])
def test_pairs_are_those_of_scipys_hamming_distance(max_bits: int) -> None:
    bits = clustered_bits(max_bits)
    distances = squareform(np.rint(pdist(bits, "hamming") * 256))
    expected = set(zip(*np.nonzero(np.triu(distances <= max_bits, k=1)), strict=True))
    hashes = np.packbits(bits, axis=1).view(">u8").astype(np.uint64)
    assert set(zip(*near_pairs(hashes, max_bits=max_bits), strict=True)) == expected


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


def test_no_images_have_no_groups() -> None:
    assert near_duplicate_groups([], max_bits=10).tolist() == []
