"""Groups of near-duplicate images: connected components of pairs whose hashes hardly differ.

Exact, by comparing every pair: blocks of one 64-bit word first, the whole hash for what is left.
24,000 images take one to three seconds, 200,000 about two minutes.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

BLOCK = 32  # rows compared with all others at once: 32 x 24,000 bytes stay in the cache
WORDS = 4  # of 64 bits; the last is looked at first, because low in a face photo least is alike

Hashes = NDArray[np.uint64]  # (N, 4)


def near_duplicate_groups(phashes: list[str], *, max_bits: int) -> NDArray[np.int64]:
    """Returns for each image the position of the first image of its group.

    Args:
        phashes: 256-bit hashes, 64 hexadecimal digits each.
        max_bits: images with at most this many different bits are near-duplicates.
    """
    # Thousands of equal hashes (blank images) would be millions of pairs.
    hashes, position = np.unique(as_words(phashes), axis=0, return_inverse=True)
    left, right = near_pairs(hashes, max_bits=max_bits)
    graph = coo_array((np.ones(len(left), bool), (left, right)), shape=(len(hashes),) * 2)
    component = connected_components(graph, directed=False)[1][position]
    _, first, inverse = np.unique(component, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)


def as_words(phashes: list[str]) -> Hashes:
    """Returns hashes of 64 hexadecimal digits as four 64-bit words each, (N, 4)."""
    digests = np.frombuffer(bytes.fromhex("".join(phashes)), dtype=">u8")
    return digests.reshape(-1, WORDS).astype(np.uint64)


def near_pairs(hashes: Hashes, *, max_bits: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns the positions (i, j), i < j, of all pairs with at most `max_bits` different bits."""
    word = np.ascontiguousarray(hashes[:, -1])
    pairs = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for start in range(0, len(hashes), BLOCK):
        different = np.bitwise_count(word[start : start + BLOCK, None] ^ word[None, start:])
        left, right = (found + start for found in np.nonzero(different <= max_bits))
        left, right = left[left < right], right[left < right]
        near = np.bitwise_count(hashes[left] ^ hashes[right]).sum(axis=1) <= max_bits
        pairs.append((left[near], right[near]))
    lefts, rights = zip(*pairs, strict=True)
    return np.concatenate(lefts), np.concatenate(rights)
