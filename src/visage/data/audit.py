"""Leaks between parts: which images and people of one split stand in a part of another.

Published age figures suffer from it (docs/splits.md). Two images are the same if their files are,
or if their difference hashes differ in few bits; two people are if they have one name in one
source.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from visage.data.near_duplicates import as_words, near_duplicate_pairs
from visage.data.near_pairs import near_pairs

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
TOLD: Final = ("id", "source", "identity", "sha256", "phash")


@dataclass(frozen=True, eq=False)
class SplitImages:
    """The images of a split: columns id, part, and of `schema.INDEX` those of `TOLD`."""

    table: pd.DataFrame

    @classmethod
    def of(cls, index: pd.DataFrame, splits: pd.DataFrame) -> "SplitImages":
        """Returns the split's images; unlabelled images have the part that `index` gives them."""
        part = index["id"].map(splits.set_index("id")["part"]).fillna(index["official_part"])
        table = index[[*TOLD]].assign(part=part)
        return cls(table[table["part"].notna()].reset_index(drop=True))


def cross_pairs(split: SplitImages, other: SplitImages, *, max_bits: int) -> pd.DataFrame:
    """Returns the pairs of an image of `split` and one of `other` that are nearly the same.

    Columns as in `PAIRS`, in the order of the two splits. Both may be one split: then the pairs
    within a part and an image's pair with itself are left out, and each pair is told once.
    """
    itself = other is split
    hashes = pd.concat([split.table["phash"], other.table["phash"]], ignore_index=True)
    distinct, words = np.unique(as_words(hashes), axis=0, return_inverse=True)
    every = np.arange(len(distinct))
    blocks = [(every[:0], every[:0]), *near_pairs(distinct, max_bits=max_bits)]
    first, second = (np.concatenate(ends) for ends in zip(*blocks, strict=True))
    near = pd.DataFrame(
        {"word": [*first, *second, *every], "other_word": [*second, *first, *every]}
    )
    near["bits"] = np.bitwise_count(distinct[near["word"]] ^ distinct[near["other_word"]]).sum(1)
    left = _members(split, words[: len(split.table)])
    right = _members(other, words[len(split.table) :]).add_prefix("other_")
    pairs = left.merge(near, on="word").merge(right, on="other_word")
    pairs["same_file"] = pairs["sha256"] == pairs["other_sha256"]
    if itself:
        pairs = pairs[(pairs["row"] < pairs["other_row"]) & (pairs["part"] != pairs["other_part"])]
    ordered: pd.DataFrame = pairs.sort_values(["row", "other_row"])[PAIRS.names]
    return ordered.reset_index(drop=True)


def n_cross_pairs(split: SplitImages, *, max_bits: int) -> int:
    """Returns how many pairs `cross_pairs` has of one split, without keeping them."""
    parts = pd.factorize(split.table["part"])[0]
    blocks = near_duplicate_pairs(split.table["phash"], max_bits=max_bits)
    return sum(int(np.count_nonzero(parts[one] != parts[other])) for one, other in blocks)


def both_ways(pairs: pd.DataFrame) -> pd.DataFrame:
    """Returns the pairs of one split from both sides: those told once concern both images."""
    swapped = {"id": "other_id", "part": "other_part", "other_id": "id", "other_part": "part"}
    return pd.concat([pairs, pairs.rename(columns=swapped)], ignore_index=True)


def leaked(pairs: pd.DataFrame, *, part: str, other_part: str) -> int:
    """Returns how many images of `part` stand, nearly the same, in the other's `other_part`."""
    found = pairs[(pairs["part"] == part) & (pairs["other_part"] == other_part)]
    return int(found["id"].nunique())


def people(images: SplitImages, *, part: str) -> frozenset[tuple[str, str]]:
    """Returns source and name of each person in `part`; none where the source names none."""
    rows = images.table[images.table["part"] == part].dropna(subset=["identity"])
    return frozenset(zip(rows["source"], rows["identity"], strict=True))


def _members(images: SplitImages, words: NDArray[np.int64]) -> pd.DataFrame:
    return images.table[["id", "sha256", "part"]].assign(
        word=words.ravel(), row=np.arange(len(images.table))
    )
