"""Pairs of near-duplicate images, whose hashes hardly differ, and groups: connected components."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from visage.data.near_pairs import Pairs, each_with_range, near_pairs, ranges

WORDS = 4  # of 64 bits
HELD_PAIRS = 2**20  # before they are merged into components: masses of blank images are 10^8 pairs


def near_duplicate_groups(phashes: Iterable[str], *, max_bits: int) -> NDArray[np.int64]:
    """Returns for each image the position of the first image of its group.

    Args:
        phashes: 256-bit hashes, 64 hexadecimal digits each.
        max_bits: images with at most this many different bits are near-duplicates.
    """
    # Thousands of equal hashes (blank images) would be millions of pairs.
    hashes, position = np.unique(as_words(phashes), axis=0, return_inverse=True)
    component = _components(near_pairs(hashes, max_bits=max_bits), n=len(hashes))[position]
    _, first, inverse = np.unique(component, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)


def near_duplicate_pairs(phashes: Iterable[str], *, max_bits: int) -> Iterator[Pairs]:
    """Yields blocks of all pairs of images (i, j), i < j, with at most `max_bits` different bits.

    Images with equal hashes are pairs, too. Blocks are small, however many pairs there are.
    """
    hashes, position = np.unique(as_words(phashes), axis=0, return_inverse=True)
    if not len(hashes):
        return
    by_hash = np.argsort(position.ravel(), kind="stable")
    counts = np.bincount(position.ravel())
    ends = np.cumsum(counts)
    places = np.arange(len(by_hash))
    alike = each_with_range(places, starts=places + 1, counts=np.repeat(ends, counts) - places - 1)
    for left, right in chain(alike, _expanded(near_pairs(hashes, max_bits=max_bits), counts)):
        one, other = by_hash[left], by_hash[right]
        yield np.minimum(one, other), np.maximum(one, other)


def n_pairs_across(phashes: "pd.Series[str]", parts: "pd.Series[str]", *, max_bits: int) -> int:
    """Returns how many of the `near_duplicate_pairs` stand in two parts, without listing them."""
    part = pd.factorize(parts)[0]
    first, sizes = kinds(phashes, part)
    part, n = part[first], 0
    for one, other in near_duplicate_pairs(phashes.iloc[first], max_bits=max_bits):
        n += int((sizes[one] * sizes[other])[part[one] != part[other]].sum())
    return n


def kinds(
    phashes: Iterable[str], *labels: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns the first image of each kind, equal in hash and labels, and how many are of it.

    A thousand blank images are half a million pairs but few kinds: pairs of kinds are counted, each
    as often as the product of the two numbers says.

    Args:
        phashes: as in `near_duplicate_groups`.
        labels: (N,) each; NaN equals NaN.
    """
    codes = [np.unique(one, return_inverse=True)[1].astype(np.uint64) for one in labels]
    rows = np.column_stack([as_words(phashes), *codes])
    _, first, sizes = np.unique(rows, axis=0, return_index=True, return_counts=True)
    return first, sizes


def as_words(phashes: Iterable[str]) -> NDArray[np.uint64]:
    """Returns hashes of 64 hexadecimal digits as four 64-bit words each, (N, 4)."""
    digests = bytearray()
    for phash in phashes:
        digests += bytes.fromhex(phash)
    return np.frombuffer(digests, dtype=">u8").reshape(-1, WORDS).astype(np.uint64)


def _expanded(blocks: Iterable[Pairs], counts: NDArray[np.int64]) -> Iterator[Pairs]:
    """Yields pairs of images for pairs of hashes; `counts`: images of each hash, side by side."""
    starts = np.cumsum(counts) - counts
    for one, other in blocks:
        if len(one):
            rows = ranges(starts[one], counts=counts[one])
            partner = np.repeat(other, counts[one])
            yield from each_with_range(rows, starts=starts[partner], counts=counts[partner])


def _components(blocks: Iterable[Pairs], *, n: int) -> NDArray[np.int64]:
    """Returns the number of the component of each of `n` nodes."""
    component = np.arange(n)
    held: list[Pairs] = []
    for block in blocks:
        held.append(block)
        if sum(len(left) for left, _ in held) > HELD_PAIRS:
            component, held = _merged(component, held), []
    return _merged(component, held)


def _merged(component: NDArray[np.int64], pairs: list[Pairs]) -> NDArray[np.int64]:
    if not pairs:
        return component
    left, right = (component[np.concatenate(ends)] for ends in zip(*pairs, strict=True))
    graph = coo_array((np.ones(len(left), bool), (left, right)), shape=(len(component),) * 2)
    merged: NDArray[np.int64] = connected_components(graph, directed=False)[1][component]
    return merged
