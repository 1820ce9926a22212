"""Every pair of images that are nearly the same in two splits, a portion at a time.

Images of one hash are pairs each with each, so that there may be more pairs than fit into memory;
`audit` counts them without a list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from visage.data.audit import SplitImages, distinct_hashes
from visage.data.near_pairs import CANDIDATES, near_pairs, ranges
from visage.estimates import Ints

PAIRS = pa.schema(
    [
        ("id", pa.string()),
        ("part", pa.string()),
        ("other_id", pa.string()),
        ("other_part", pa.string()),
        ("bits", pa.int64()),  # in which the two hashes differ, of 256
        ("same_file", pa.bool_()),
    ]
)


def leaked_pairs(
    split: SplitImages, other: SplitImages, *, max_bits: int
) -> Iterator[pd.DataFrame]:
    """Yields tables of the pairs of an image of `split` and one of `other`, nearly the same.

    Columns as in `PAIRS`, in the order of the two splits. Both may be one split: then the pairs
    within a part and an image's pair with itself are left out, and each pair is told once.
    """
    distinct, here, there = distinct_hashes(split, other)
    near = _near_hashes(distinct, max_bits=max_bits)
    images = _Lists.of(there, np.arange(len(there)), n=len(distinct))
    of_hash = np.zeros(len(distinct), np.int64)  # images near each hash
    np.add.at(of_hash, np.repeat(np.arange(len(distinct)), near.counts), images.counts[near.items])
    for portion in _portions(of_hash[here]):
        row, hash_ = near.at(here[portion])
        one, right = images.at(hash_)
        left = row[one] + portion.start
        bits = np.bitwise_count(distinct[here[left]] ^ distinct[there[right]]).sum(axis=1)
        yield _table(split, other, left, right, bits)


@dataclass(frozen=True, eq=False)
class _Lists:
    """Lists of numbers, one behind the other in `items`; each has so many from its start on."""

    items: Ints
    starts: Ints
    counts: Ints

    @classmethod
    def of(cls, keys: Ints, items: Ints, *, n: int) -> "_Lists":
        """Returns the items by key, 0 to n - 1; keys, items: (N,)."""
        counts = np.bincount(keys, minlength=n)
        return cls(items[np.argsort(keys, kind="stable")], np.cumsum(counts) - counts, counts)

    def at(self, keys: Ints) -> tuple[Ints, Ints]:
        """Returns all items of the keys' lists, and beside each its key's position in `keys`."""
        counts = self.counts[keys]
        places = np.repeat(np.arange(len(keys)), counts)
        return places, self.items[ranges(self.starts[keys], counts=counts)]


def _near_hashes(distinct: NDArray[np.uint64], *, max_bits: int) -> _Lists:
    """Returns for each hash those that are near it, itself included."""
    every = np.arange(len(distinct))
    blocks = list(near_pairs(distinct, max_bits=max_bits))
    firsts, seconds = ([block[end] for block in blocks] for end in (0, 1))
    keys = np.concatenate([every, *firsts, *seconds])
    return _Lists.of(keys, np.concatenate([every, *seconds, *firsts]), n=len(distinct))


def _portions(counts: Ints) -> Iterator[slice]:
    """Yields runs of rows with about `CANDIDATES` pairs together, or one row with more of them."""
    if not len(counts):
        return
    ends = np.cumsum(counts)
    cuts = np.searchsorted(ends, np.arange(CANDIDATES, ends[-1], CANDIDATES), side="right")
    for first, last in pairwise(np.unique([0, *cuts, len(counts)]).tolist()):
        yield slice(first, last)


def _table(
    split: SplitImages, other: SplitImages, left: Ints, right: Ints, bits: Ints
) -> pd.DataFrame:
    order = np.lexsort((right, left))
    left, right, bits = left[order], right[order], bits[order]
    mine, others = split.table.iloc[left], other.table.iloc[right]
    table = pd.DataFrame(
        {
            "id": mine["id"].to_numpy(),
            "part": mine["part"].to_numpy(),
            "other_id": others["id"].to_numpy(),
            "other_part": others["part"].to_numpy(),
            "bits": bits.astype(np.int64),
            "same_file": mine["sha256"].to_numpy() == others["sha256"].to_numpy(),
        }
    )
    if other is not split:
        return table
    once = (left < right) & (table["part"] != table["other_part"]).to_numpy()
    return table[once].reset_index(drop=True)
