"""Pairs of 256-bit hashes within a Hamming distance: every one of them, and none twice.

Multi-index hashing (Norouzi, Punjani & Fleet, CVPR 2012): with at most `max_bits` different bits,
`max_bits + shared` blocks of bits have at least `shared` equal ones, so only hashes that are equal
in some combination of so many blocks are compared (two blocks at once: Manku, Jain & Das Sarma,
WWW 2007). Hashes of photos are far from uniform. So the bits of a block are far apart in the image,
because neighbours are alike, and candidates are counted first: where they are too many, as with a
large `max_bits` or masses of almost equal images, all pairs are compared instead.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from math import comb

import numpy as np
from numpy.typing import NDArray

SIDE = 16  # bits
BITS = SIDE**2
SKEW = 7  # columns a row; without it 16 blocks would be the image's columns, bits all alike
WORD_BITS = 64
ROWS = 32  # compared with all others at once: 32 x 24,000 bytes stay in the cache
CANDIDATES = 2**18  # compared at once

# What a step costs, in comparisons of the exhaustive search: docs/experiments,
# 2026-11-22-near-duplicate-search.md.
CANDIDATE_COST = 6
TABLE_COST = 15  # a row, to sort by a combination of blocks: once to count, once to compare

Hashes = NDArray[np.uint64]  # (N, 4)
Rows = NDArray[np.int64]
Pairs = tuple[Rows, Rows]  # positions (i, j), i < j


def near_pairs(hashes: Hashes, *, max_bits: int) -> Iterator[Pairs]:
    """Yields blocks of all pairs with at most `max_bits` different bits, the cheaper way."""
    costs = {shared: index_cost(hashes, max_bits=max_bits, shared=shared) for shared in (1, 2)}
    shared = min(costs, key=costs.__getitem__)
    if costs[shared] < _n_pairs(len(hashes)):
        return indexed_pairs(hashes, max_bits=max_bits, shared=shared)
    return exhaustive_pairs(hashes, max_bits=max_bits)


def exhaustive_pairs(hashes: Hashes, *, max_bits: int) -> Iterator[Pairs]:
    """Yields blocks of the pairs, from comparing every hash with every other.

    The last word is looked at first, because low in a face photo least is alike.
    """
    words = np.ascontiguousarray(hashes.T)
    word = words[-1]
    for start in range(0, len(hashes), ROWS):
        different = np.bitwise_count(word[start : start + ROWS, None] ^ word[None, start:])
        left, right = (found + start for found in np.nonzero(different <= max_bits))
        later = left < right
        yield _near(words, left[later], right[later], max_bits=max_bits)


def indexed_pairs(hashes: Hashes, *, max_bits: int, shared: int) -> Iterator[Pairs]:
    """Yields blocks of the pairs, from comparing hashes that are equal in `shared` blocks."""
    words = np.ascontiguousarray(hashes.T)
    blocks = _blocks(words, max_bits=max_bits, shared=shared)
    for combination in combinations(range(len(blocks)), shared):
        key = _key(blocks, combination)
        order = np.argsort(key)
        for left, right in _equal_keys(key[order]):
            one, other = _near(words, order[left], order[right], max_bits=max_bits)
            first = _found_first(blocks, combination, one, other)
            one, other = one[first], other[first]
            yield np.minimum(one, other), np.maximum(one, other)


def index_cost(hashes: Hashes, *, max_bits: int, shared: int) -> float:
    """Returns the cost of `indexed_pairs`, in comparisons of the exhaustive search.

    Candidates are counted, unless uniform hashes, which have the fewest, would be too many.
    """
    n, n_blocks = len(hashes), max_bits + shared
    n_tables, key_bits = comb(n_blocks, shared), shared * (BITS // n_blocks)
    tables = float(TABLE_COST * n_tables * n)
    fewest = n_tables * max(0.0, (n**2 / 2**key_bits - n) / 2)
    if tables + CANDIDATE_COST * fewest >= _n_pairs(n):
        return np.inf
    blocks = _blocks(np.ascontiguousarray(hashes.T), max_bits=max_bits, shared=shared)
    keys = (_key(blocks, one) for one in combinations(range(n_blocks), shared))
    return tables + CANDIDATE_COST * sum(_n_equal(np.sort(key)) for key in keys)


def _n_pairs(n: int) -> int:
    return n * (n - 1) // 2


def _blocks(words: NDArray[np.uint64], *, max_bits: int, shared: int) -> NDArray[np.uint64]:
    """Returns the blocks of bits, (max_bits + shared, N).

    A block keeps as many bits as let `shared` blocks fit into 64: equal blocks stay equal.
    words: (4, N).
    """
    n_blocks = max_bits + shared
    blocks = np.zeros((n_blocks, words.shape[1]), np.uint64)
    for number, block in enumerate(blocks):
        for place in range(number, BITS, n_blocks)[: WORD_BITS // shared]:
            row, column = divmod(place, SIDE)
            bit = row * SIDE + (column + row * SKEW) % SIDE
            block <<= np.uint64(1)
            block |= words[bit // WORD_BITS] >> np.uint64(bit % WORD_BITS) & np.uint64(1)
    return blocks


def _key(blocks: NDArray[np.uint64], combination: Sequence[int]) -> NDArray[np.uint64]:
    """Returns the blocks of a combination side by side in one word, (N,)."""
    key: NDArray[np.uint64] = blocks[combination[0]]
    for number in combination[1:]:
        key = key << np.uint64(WORD_BITS // len(combination)) | blocks[number]
    return key


def _run_ends(ordered: NDArray[np.uint64]) -> Rows:
    """Returns for each position where its run of equal keys ends, exclusive."""
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, len(ordered))
    return np.repeat(ends, np.diff(ends, prepend=0))


def _n_equal(ordered: NDArray[np.uint64]) -> int:
    return int((_run_ends(ordered) - np.arange(1, len(ordered) + 1)).sum())


def _equal_keys(ordered: NDArray[np.uint64]) -> Iterator[Pairs]:
    """Yields blocks of all pairs of positions that have one key."""
    partners = _run_ends(ordered) - np.arange(1, len(ordered) + 1)
    rows = np.flatnonzero(partners)
    if not len(rows):
        return
    yield from each_with_range(rows, starts=rows + 1, counts=partners[rows])


def each_with_range(rows: Rows, *, starts: Rows, counts: Rows) -> Iterator[Pairs]:
    """Yields blocks of the pairs of each row with the so many positions from its start on.

    A block has about `CANDIDATES` pairs, or those of one row. All arguments: (N,).
    """
    total = np.cumsum(counts)
    cuts = np.searchsorted(total, np.arange(CANDIDATES, total[-1], CANDIDATES), side="right")
    for first, last in pairwise(np.unique([0, *cuts, len(rows)])):
        portion = slice(first, last)
        left = np.repeat(rows[portion], counts[portion])
        yield left, ranges(starts[portion], counts=counts[portion])


def ranges(starts: Rows, *, counts: Rows) -> Rows:
    """Returns the numbers of ranges, so many from each start on, one range after the other."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(counts.sum())


def _near(words: NDArray[np.uint64], left: Rows, right: Rows, *, max_bits: int) -> Pairs:
    """Returns the pairs within `max_bits`; words: (4, N), the last first drops most of the rest."""
    different = np.zeros(len(left), np.uint16)
    for word in words[::-1]:
        different += np.bitwise_count(word[left] ^ word[right])
        near = different <= max_bits
        left, right, different = left[near], right[near], different[near]
    return left, right


def _found_first(
    blocks: NDArray[np.uint64], combination: Sequence[int], one: Rows, other: Rows
) -> NDArray[np.bool_]:
    """Whether no earlier combination has the pair: none but these of the blocks so far is equal."""
    so_far = blocks[: combination[-1] + 1]
    equal = (so_far[:, one] == so_far[:, other]).sum(axis=0)
    return np.asarray(equal == len(combination))
