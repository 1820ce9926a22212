"""Groups of near-duplicates: connected components of the pairs within the distance."""

from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from visage.data import near_duplicates, near_pairs
from visage.data.near_duplicates import (
    n_pairs_across,
    near_duplicate_groups,
    near_duplicate_pairs,
)


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


@pytest.mark.parametrize("candidates", [2**18, 3])
def test_pairs_are_those_of_the_plain_double_loop(
    monkeypatch: pytest.MonkeyPatch, candidates: int
) -> None:
    monkeypatch.setattr(near_pairs, "CANDIDATES", candidates)
    rng = np.random.default_rng(5)
    base = [flipped(ZERO, *rng.permutation(256)[:128].tolist()) for _ in range(5)]
    hashes = [flipped(base[row % 5], *rng.integers(0, 256, row % 4).tolist()) for row in range(60)]
    near = Counter(
        pair
        for pair in combinations(range(60), 2)
        if (int(hashes[pair[0]], 16) ^ int(hashes[pair[1]], 16)).bit_count() <= 4
    )
    found = Counter(
        pair
        for one, other in near_duplicate_pairs(hashes, max_bits=4)
        for pair in zip(one.tolist(), other.tolist(), strict=True)
    )
    assert len(near) > 60
    assert found == near


def test_pairs_across_parts_are_those_of_the_plain_double_loop() -> None:
    rng = np.random.default_rng(3)
    hashes = pd.Series([f"{value:064x}" for value in rng.integers(0, 2**6, 120).tolist()])
    parts = pd.Series(rng.choice(["train", "test", "validation"], 120))
    expected = sum(
        parts[one] != parts[other]
        and (int(hashes[one], 16) ^ int(hashes[other], 16)).bit_count() <= 1
        for one, other in combinations(range(120), 2)
    )
    assert n_pairs_across(hashes, parts, max_bits=1) == expected > 100


def test_pairs_of_many_equal_hashes_across_parts_are_cheap() -> None:
    parts = pd.Series(["train", "test"] * 50_000)
    hashes = pd.Series([ZERO] * 100_000)
    assert n_pairs_across(hashes, parts, max_bits=10) == 50_000**2


def test_no_images_have_no_pairs_across_parts() -> None:
    nothing = pd.Series([], dtype=object)
    assert n_pairs_across(nothing, nothing, max_bits=10) == 0


def test_one_image_and_none_have_no_pairs() -> None:
    assert [len(one) for one, _ in near_duplicate_pairs([ZERO], max_bits=10)] in ([], [0])
    assert list(near_duplicate_pairs([], max_bits=10)) == []
