import numpy as np
import pandas as pd

from visage.data.audit import SplitImages, cross_pairs, leaked, n_cross_pairs, people

FAR = (1 << 128) - 1  # 128 bits from zero


def images(
    prefix: str, hashes: list[int], parts: list[str], people: list[str | None] | None = None
) -> SplitImages:
    names = [f"{prefix}{row}" for row in range(len(hashes))]
    return SplitImages(
        pd.DataFrame(
            {
                "id": names,
                "source": "made",
                "identity": people or [None] * len(names),
                "sha256": [f"file of {name}" for name in names],
                "phash": [f"{value:064x}" for value in hashes],
                "part": parts,
            }
        )
    )


def test_a_test_image_that_was_trained_on_elsewhere_is_found() -> None:
    here = images("a", [0b0, FAR], ["test", "test"])
    there = images("b", [0b111, FAR << 100], ["train", "test"])
    pairs = cross_pairs(here, there, max_bits=3)
    assert pairs[["id", "other_id", "bits"]].to_numpy().tolist() == [["a0", "b0", 3]]
    assert leaked(pairs, part="test", other_part="train") == 1
    assert leaked(pairs, part="test", other_part="test") == 0
    assert cross_pairs(here, there, max_bits=2).empty


def test_equal_hashes_are_pairs_each_with_each() -> None:
    here = images("a", [7, 7], ["train", "test"])
    there = images("b", [7, 7, 8], ["train", "train", "train"])
    pairs = cross_pairs(here, there, max_bits=0)
    assert len(pairs) == 4
    assert leaked(pairs, part="test", other_part="train") == 1


def test_the_same_file_is_told() -> None:
    here = images("a", [7], ["test"])
    pairs = cross_pairs(here, SplitImages(here.table.copy()), max_bits=0)
    assert pairs["same_file"].tolist() == [True]


def test_within_one_split_only_pairs_across_parts_count_and_once() -> None:
    one = images("a", [7, 7, 7, FAR], ["train", "train", "test", "test"])
    pairs = cross_pairs(one, one, max_bits=10)
    assert pairs[["id", "other_id"]].to_numpy().tolist() == [["a0", "a2"], ["a1", "a2"]]


def test_all_pairs_are_found_as_by_comparing_each_with_each() -> None:
    rng = np.random.default_rng(3)
    base = [int.from_bytes(rng.bytes(32)) for _ in range(6)]
    noisy = [value ^ (1 << int(bit)) for value in base for bit in rng.integers(0, 256, 3)]
    here, there = images("a", base + noisy, ["test"] * 24), images("b", noisy, ["train"] * 18)
    wanted = {
        (f"a{i}", f"b{j}")
        for i, one in enumerate(base + noisy)
        for j, two in enumerate(noisy)
        if (one ^ two).bit_count() <= 4
    }
    found = cross_pairs(here, there, max_bits=4)
    assert set(zip(found["id"], found["other_id"], strict=True)) == wanted


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


def test_pairs_that_are_only_counted_are_those_that_are_listed() -> None:
    rng = np.random.default_rng(4)
    hashes = [int(rng.integers(2**12)) for _ in range(80)]
    split = images("a", hashes, rng.choice(["train", "test", "validation"], 80).tolist())
    listed = len(cross_pairs(split, split, max_bits=2))
    assert n_cross_pairs(split, max_bits=2) == listed > 20
