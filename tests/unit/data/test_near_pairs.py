"""Pairs of hashes: exactly those within the distance, each once, however they are searched."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial.distance import pdist, squareform

from visage.data import near_pairs
from visage.data.near_pairs import Hashes, Pairs, exhaustive_pairs, index_cost, indexed_pairs

Bits = NDArray[np.bool_]
SEEDS = st.integers(0, 2**32 - 1)


def hashes_of(bits: Bits) -> Hashes:
    return np.packbits(bits, axis=1).view(">u8").astype(np.uint64)


def counted(blocks: Iterable[Pairs]) -> Counter[tuple[int, int]]:
    return Counter(
        pair for left, right in blocks for pair in zip(left.tolist(), right.tolist(), strict=True)
    )


def reference(bits: Bits, *, max_bits: int) -> Counter[tuple[int, int]]:
    """Returns the pairs by SciPy's Hamming distance."""
    distances = squareform(np.rint(pdist(bits, "hamming") * 256))
    left, right = np.nonzero(np.triu(distances <= max_bits, k=1))
    return Counter(zip(left.tolist(), right.tolist(), strict=True))


def clustered_bits(seed: int, *, n: int = 30, most_flips: int = 15) -> Bits:
    """Returns `n` random hashes, each with two copies of up to `most_flips` flips."""
    rng = np.random.default_rng(seed)
    bits = np.repeat(rng.random((n, 256)) < 0.5, 3, axis=0)
    for row in bits:
        row[rng.integers(0, 256, rng.integers(0, most_flips + 1))] ^= True
    return bits


def heavy_bits(seed: int, *, n: int) -> Bits:
    """Returns hashes of which few bits ever differ, so that most are equal in most blocks."""
    rng = np.random.default_rng(seed)
    varying = rng.permutation(256)[:40]
    bits = np.zeros((n, 256), bool)
    bits[:, varying] = rng.random((n, 40)) < rng.random(40)
    return bits


@pytest.mark.parametrize("max_bits", [0, 5, 10, 20, 64])
def test_exhaustive_pairs_are_those_of_scipys_hamming_distance(max_bits: int) -> None:
    bits = clustered_bits(max_bits)
    found = counted(exhaustive_pairs(hashes_of(bits), max_bits=max_bits))
    assert found == reference(bits, max_bits=max_bits)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(0, 64), st.integers(0, 80))
def test_indexed_pairs_of_one_block_are_exact(seed: int, max_bits: int, flips: int) -> None:
    bits = clustered_bits(seed, most_flips=flips)
    found = counted(indexed_pairs(hashes_of(bits), max_bits=max_bits, shared=1))
    assert found == reference(bits, max_bits=max_bits)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(0, 20), st.integers(0, 30))
def test_indexed_pairs_of_two_blocks_are_exact(seed: int, max_bits: int, flips: int) -> None:
    bits = clustered_bits(seed, most_flips=flips)
    found = counted(indexed_pairs(hashes_of(bits), max_bits=max_bits, shared=2))
    assert found == reference(bits, max_bits=max_bits)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(0, 12), st.integers(0, 120), st.sampled_from([1, 2]))
def test_heavy_buckets_are_exact(seed: int, max_bits: int, n: int, shared: int) -> None:
    bits = heavy_bits(seed, n=n)
    expected = reference(bits, max_bits=max_bits) if n > 1 else Counter[tuple[int, int]]()
    found = counted(indexed_pairs(hashes_of(bits), max_bits=max_bits, shared=shared))
    assert found == expected


def test_candidates_in_many_small_portions_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    bits = heavy_bits(3, n=90)
    monkeypatch.setattr(near_pairs, "CANDIDATES", 7)
    found = counted(indexed_pairs(hashes_of(bits), max_bits=8, shared=1))
    assert found == reference(bits, max_bits=8)


@pytest.mark.parametrize("max_bits", [0, 10, 20, 64])
def test_the_chosen_search_is_exact(max_bits: int) -> None:
    bits = clustered_bits(1, n=400, most_flips=30)
    found = counted(near_pairs.near_pairs(hashes_of(bits), max_bits=max_bits))
    assert found == reference(bits, max_bits=max_bits)


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns the list of the searches that are begun."""
    names: list[str] = []
    for name in ("exhaustive_pairs", "indexed_pairs"):
        monkeypatch.setattr(near_pairs, name, lambda *_, name=name, **__: names.append(name))
    return names


def test_varied_hashes_are_indexed(chosen: list[str]) -> None:
    near_pairs.near_pairs(hashes_of(clustered_bits(0, n=1000)), max_bits=10)
    assert chosen == ["indexed_pairs"]


def test_masses_of_almost_equal_hashes_are_compared_pair_by_pair(chosen: list[str]) -> None:
    near_pairs.near_pairs(hashes_of(heavy_bits(0, n=3000)), max_bits=10)
    assert chosen == ["exhaustive_pairs"]


def test_a_wide_distance_is_compared_pair_by_pair(chosen: list[str]) -> None:
    near_pairs.near_pairs(hashes_of(clustered_bits(0, n=1000)), max_bits=64)
    assert chosen == ["exhaustive_pairs"]


def test_too_wide_a_distance_is_seen_without_counting() -> None:
    assert index_cost(hashes_of(clustered_bits(0, n=1000)), max_bits=64, shared=1) == np.inf
