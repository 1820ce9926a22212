import numpy as np
import pandas as pd
import pytest

from visage.data import leaked_pairs as listing
from visage.data.audit import (
    PARTS,
    Overlap,
    SplitImages,
    other_people,
    overlap,
    people,
    with_own_names,
)
from visage.data.leaked_pairs import PAIRS, leaked_pairs

FAR = (1 << 128) - 1  # 128 bits from zero


def images(
    prefix: str,
    hashes: list[int],
    parts: list[str],
    people: list[str | None] | None = None,
    **columns: object,
) -> SplitImages:
    names = [f"{prefix}{row}" for row in range(len(hashes))]
    table = pd.DataFrame(
        {
            "id": names,
            "source": "made",
            "identity": people or [None] * len(names),
            "sha256": [f"file of {name}" for name in names],
            "phash": [f"{value:064x}" for value in hashes],
            "part": parts,
        }
    )
    return SplitImages(table.assign(**columns))


def listed(split: SplitImages, other: SplitImages, *, max_bits: int) -> pd.DataFrame:
    tables = list(leaked_pairs(split, other, max_bits=max_bits))
    return pd.concat(tables, ignore_index=True)


def test_a_test_image_that_was_trained_on_elsewhere_is_found() -> None:
    here = images("a", [0b0, FAR], ["test", "test"])
    there = images("b", [0b111, FAR << 100], ["train", "test"])
    pairs = listed(here, there, max_bits=3)
    assert pairs[["id", "other_id", "bits"]].to_numpy().tolist() == [["a0", "b0", 3]]
    found = overlap(here, there, max_bits=3)
    assert found.leaked(part="test", other_part="train") == 1
    assert found.leaked(part="test", other_part="test") == 0
    assert listed(here, there, max_bits=2).empty
    assert overlap(here, there, max_bits=2).pairs.sum() == 0


def test_equal_hashes_are_pairs_each_with_each() -> None:
    here = images("a", [7, 7], ["train", "test"])
    there = images("b", [7, 7, 8], ["train", "train", "train"])
    assert len(listed(here, there, max_bits=0)) == 4
    found = overlap(here, there, max_bits=0)
    assert found.n_pairs(part="test", other_part="train") == 2
    assert found.leaked(part="test", other_part="train") == 1


def test_the_same_file_is_told() -> None:
    here = images("a", [7], ["test"])
    pairs = listed(here, SplitImages(here.table.copy()), max_bits=0)
    assert pairs["same_file"].tolist() == [True]


def test_within_one_split_only_pairs_across_parts_count_and_once() -> None:
    one = images("a", [7, 7, 7, FAR], ["train", "train", "test", "test"])
    pairs = listed(one, one, max_bits=10)
    assert pairs[["id", "other_id"]].to_numpy().tolist() == [["a0", "a2"], ["a1", "a2"]]


def test_within_one_split_a_pair_concerns_both_parts() -> None:
    one = images("a", [7, 7, 7, FAR], ["train", "train", "test", "test"])
    found = overlap(one, one, max_bits=10)
    assert found.n_pairs(part="train", other_part="train") == 0
    assert found.n_pairs(part="train", other_part="test") == 2
    assert found.n_pairs(part="test", other_part="train") == 2
    assert found.leaked(part="train", other_part="test") == 2
    assert found.leaked(part="test", other_part="train") == 1


def random_images(seed: int, prefix: str) -> SplitImages:
    rng = np.random.default_rng(seed)
    hashes = [int(rng.integers(2**10)) for _ in range(100)]
    return images(prefix, hashes, rng.choice(list(PARTS), 100).tolist())


def distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def plain_pairs(split: SplitImages, other: SplitImages, *, max_bits: int) -> pd.DataFrame:
    """Returns the pairs, in order, from comparing each with each."""
    rows = [
        (one.id, one.part, two.id, two.part, distance(one.phash, two.phash))
        for one in split.table.itertuples()
        for two in other.table.itertuples()
        if distance(one.phash, two.phash) <= max_bits
        and (other is not split or (one.Index < two.Index and one.part != two.part))
    ]
    return pd.DataFrame(rows, columns=PAIRS.names[:-1])


@pytest.mark.parametrize("itself", [True, False])
@pytest.mark.parametrize("candidates", [1, 7, 2**18])
def test_all_pairs_are_listed_in_order_however_small_the_portions(
    monkeypatch: pytest.MonkeyPatch, itself: bool, candidates: int
) -> None:
    monkeypatch.setattr(listing, "CANDIDATES", candidates)
    split = random_images(3, "a")
    other = split if itself else random_images(4, "b")
    wanted = plain_pairs(split, other, max_bits=2)
    assert len(wanted) > 100
    found = listed(split, other, max_bits=2)[PAIRS.names[:-1]]
    assert found.to_numpy().tolist() == wanted.to_numpy().tolist()


@pytest.mark.parametrize("itself", [True, False])
def test_counts_are_those_of_the_pairs_that_are_listed(itself: bool) -> None:
    split = random_images(5, "a")
    other = split if itself else random_images(6, "b")
    pairs = plain_pairs(split, other, max_bits=2)
    if itself:  # each is told once, and concerns both
        swapped = {"id": "other_id", "part": "other_part", "other_id": "id", "other_part": "part"}
        pairs = pd.concat([pairs, pairs.rename(columns=swapped)], ignore_index=True)
    found = overlap(split, other, max_bits=2)
    assert found.pairs.sum() == len(pairs) > 100
    for (part, other_part), group in pairs.groupby(["part", "other_part"]):
        assert found.n_pairs(part=part, other_part=other_part) == len(group)
        assert found.leaked(part=part, other_part=other_part) == group["id"].nunique()


def test_masses_of_blank_images_are_counted_without_a_list() -> None:
    n = 100_000
    blank = images("a", [0] * n, ["test", "train"] * (n // 2))
    found = overlap(blank, SplitImages(blank.table.copy()), max_bits=10)
    assert found.n_pairs(part="test", other_part="train") == (n // 2) ** 2
    assert found.leaked(part="test", other_part="train") == n // 2


def test_splits_without_images_have_nothing_in_common() -> None:
    nothing = images("a", [], [])
    assert isinstance(overlap(nothing, nothing, max_bits=10), Overlap)
    assert list(leaked_pairs(nothing, nothing, max_bits=10)) == []


def test_unlabelled_images_are_a_part() -> None:
    index = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "source": ["made"] * 3,
            "identity": [None] * 3,
            "sha256": ["1", "2", "3"],
            "phash": ["0" * 64] * 3,
            "official_part": [None, None, "unlabelled"],
        }
    )
    splits = pd.DataFrame({"id": ["a", "b"], "part": ["test", "train"]})
    table = SplitImages.of(index, splits).table
    assert table["part"].tolist() == ["test", "train", "unlabelled"]


def test_people_of_a_part_are_told_by_source_and_name() -> None:
    split = images("a", [1, 2, 3, 4], ["test"] * 3 + ["train"], ["ann", "ann", None, "bob"])
    assert people(split, part="test") == {("made", "ann")}
    assert people(split, part="train") == {("made", "bob")}
    assert people(split, part="validation") == frozenset()


def test_one_name_in_two_sources_is_two_people() -> None:
    here, there = (images("a", [1], ["test"], ["ann"]) for _ in range(2))
    there.table["source"] = "other"
    assert people(here, part="test").isdisjoint(people(there, part="test"))


def test_a_person_behind_the_folder_of_joined_is_the_same_in_another_split() -> None:
    joined = images("faces/agedb/", [1], ["test"], ["faces/agedb/MariaCallas"], source="agedb")
    alone = images("", [2], ["train"], ["MariaCallas"], source="agedb")
    assert other_people(joined, alone) == frozenset()
    here, there = (with_own_names(one, without=()) for one in (joined, alone))
    assert people(here, part="test") == people(there, part="train") == {("agedb", "MariaCallas")}


def test_the_persons_1_2_3_of_two_tables_are_strangers() -> None:
    here = images("", [1, 2], ["test", "train"], ["1", "2"], source="kaggle")
    there = images("", [3, 4], ["train", "test"], ["1", "2"], source="kaggle")
    there.table["sha256"] = ["x", "y"]
    assert other_people(here, there) == {"kaggle"}
    told = with_own_names(here, without={"kaggle"})
    assert people(told, part="test") == frozenset()


def test_two_splits_of_one_table_name_the_same_people() -> None:
    here = images("", [1, 2], ["test", "train"], ["1", "2/a"], source="kaggle")
    there = SplitImages(here.table.assign(part=["train", "test"]))
    assert other_people(here, there) == frozenset()
    assert people(with_own_names(here, without=()), part="train") == {("kaggle", "2/a")}


def test_a_table_that_names_the_same_files_otherwise_is_another_one() -> None:
    here = images("", [1, 2], ["test", "train"], ["1", "2"], source="kaggle")
    there = SplitImages(here.table.assign(identity=["1", "3"]))
    assert other_people(here, there) == {"kaggle"}


def test_a_source_that_one_split_alone_names_people_of_needs_no_comparison() -> None:
    here = images("", [1], ["test"], ["1"], source="kaggle")
    there = images("", [1], ["train"], ["ann"], source="agedb")
    assert other_people(here, there) == frozenset()
