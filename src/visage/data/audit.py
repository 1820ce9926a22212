"""Leaks between parts: which images and people of one split stand in a part of another.

Published age figures suffer from it (docs/splits.md). Two images are the same if their files are,
or if their difference hashes differ in few bits. Within one split two people are if they have one
name in one source; whether a name means the same person in another split, `other_people` says.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.codes import UNLABELLED, Part
from visage.data.near_duplicates import as_words
from visage.data.near_pairs import near_pairs
from visage.data.unknown_people import PUBLISHED, own_names
from visage.estimates import Ints

TOLD: Final = ("id", "source", "identity", "sha256", "phash")
PARTS: Final = (*Part, UNLABELLED)


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


@dataclass(frozen=True, eq=False)
class Overlap:
    """How much of a split stands, nearly the same, in another one.

    Attributes:
        pairs: of an image of the one and an image of the other, by part of the one and part of the
            other, in the order of `PARTS`, (P, P).
        images: of the one that are in at least one of these pairs, likewise.
    """

    pairs: Ints
    images: Ints

    def n_pairs(self, *, part: str, other_part: str) -> int:
        """Returns how many pairs there are of `part` and the other's `other_part`."""
        return int(self.pairs[PARTS.index(part), PARTS.index(other_part)])

    def leaked(self, *, part: str, other_part: str) -> int:
        """Returns how many images of `part` stand, nearly the same, in the other's `other_part`."""
        return int(self.images[PARTS.index(part), PARTS.index(other_part)])


def overlap(split: SplitImages, other: SplitImages, *, max_bits: int) -> Overlap:
    """Returns how much of `split` stands in `other`; pairs are counted and not listed.

    A thousand blank images in either are a million pairs, so images are counted by hash and part.
    Both may be one split: then what stands within a part is left out.
    """
    distinct, here, there = distinct_hashes(split, other)
    mine, others = (
        _by_hash(images, places, n=len(distinct))
        for images, places in ((split, here), (other, there))
    )
    near = others.copy()
    for one, two in near_pairs(distinct, max_bits=max_bits):
        np.add.at(near, one, others[two])
        np.add.at(near, two, others[one])
    pairs, images = mine.T @ near, mine.T @ (near > 0)
    if other is split:
        np.fill_diagonal(pairs, 0)
        np.fill_diagonal(images, 0)
    return Overlap(pairs, images)


def distinct_hashes(
    split: SplitImages, other: SplitImages
) -> tuple[NDArray[np.uint64], Ints, Ints]:
    """Returns the hashes that both have, each once, (H, 4), and where each image's stands there."""
    hashes = pd.concat([split.table["phash"], other.table["phash"]], ignore_index=True)
    distinct, places = np.unique(as_words(hashes), axis=0, return_inverse=True)
    here, there = np.split(places.ravel(), [len(split.table)])
    return distinct, here, there


def people(images: SplitImages, *, part: str) -> frozenset[tuple[str, str]]:
    """Returns source and name of each person in `part`; none where the source names none."""
    rows = images.table[images.table["part"] == part].dropna(subset=["identity"])
    return frozenset(zip(rows["source"], rows["identity"], strict=True))


def other_people(split: SplitImages, other: SplitImages) -> frozenset[str]:
    """Returns the sources whose names may mean other people in each of two splits.

    Publishers' names mean the same everywhere. Those of a table are its own: the persons 1, 2, 3 of
    two tables are strangers. They are taken to be of one table where both splits hold images of one
    id and file, and all of these have one name in both.
    """
    left, right = (
        images.table.dropna(subset=["identity"])[["id", "source", "identity", "sha256"]]
        for images in (split, other)
    )
    shared = left.merge(right, on=["source", "id", "sha256"], suffixes=("", "_there"))
    alike = shared["identity"].eq(shared["identity_there"]).groupby(shared["source"]).all()
    in_both = set(left["source"]) & set(right["source"])
    return frozenset(in_both - set(PUBLISHED) - set(alike.index[alike]))


def with_own_names(images: SplitImages, *, without: Collection[str]) -> SplitImages:
    """Returns the images with names that can be held against those of another split.

    `joined` puts its folder before a name, which is taken off publishers' names; the sources
    `without` name nobody.
    """
    table = images.table
    names = table["identity"].where(~table["source"].isin(PUBLISHED), own_names(table))
    return SplitImages(table.assign(identity=names.mask(table["source"].isin(without))))


def _by_hash(images: SplitImages, places: Ints, *, n: int) -> Ints:
    """Returns how many images have each of `n` hashes, by part, (n, P)."""
    counts = np.zeros((n, len(PARTS)), np.int64)
    np.add.at(counts, (places, images.table["part"].map(PARTS.index).to_numpy(np.int64)), 1)
    return counts
