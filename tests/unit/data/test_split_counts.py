"""The content of metrics/split.json and metrics/split_counts.json."""

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from visage.codes import Part
from visage.data.split_counts import age_counts, pairs_across_parts, split_metrics
from visage.params.split import Fractions, Kfold, Split

PARTS = [part.value for part in Part]


def rows(n: int, **columns: list[Any]) -> pd.DataFrame:
    facts = {"id": list("abcdef")[:n], "source": ["made"] * n, "identity": [None] * n}
    facts |= {
        "sha256": facts["id"],
        "phash": [f"{2**200 - 2 ** (40 * row):064x}" for row in range(n)],
    }
    facts |= {"official_part": [None] * n}
    facts |= {"age": [5, 9.9, 10, np.nan], "gender": [0, 1, 1, 1], "group": list(range(n))}
    return pd.DataFrame({**facts, **columns})


def metrics(
    parts: list[str], *, method: str = "stratified", **columns: list[Any]
) -> dict[str, Any]:
    labelled = rows(len(parts), **columns)
    params = Split(
        method=method,
        fractions=Fractions(train=0.6, validation=0.1, calibration=0.1, test=0.2),
        by_identity=False,
        kfold=Kfold(folds=5, fold=2),
        age_bin_years=10,
        seed=13,
    )
    splits = pd.DataFrame({"id": labelled["id"], "part": parts})
    return split_metrics(labelled, splits=splits, params=params, max_bits=2)


def test_parts_are_counted() -> None:
    found = metrics(["train", "train", "train", "test"])
    assert found["near_duplicate_pairs_across_parts"] == 0
    assert (found["method"], found["by_identity"], found["split_seed"]) == ("stratified", False, 13)
    assert found["parts"]["train"] == {"n": 3, "n_without_age": 0, "n_without_gender": 0}
    assert (found["parts"]["test"]["n"], found["parts"]["validation"]["n"]) == (1, 0)


def test_rows_without_a_label_are_counted() -> None:
    found = metrics(["train", "test", "test", "test"], gender=[0, None, None, 1])["parts"]["test"]
    assert (found["n_without_age"], found["n_without_gender"]) == (1, 2)


def test_women_and_men_are_counted_by_part_and_age_bin() -> None:
    labelled = rows(4, gender=[0, 1, 1, None])
    splits = pd.DataFrame({"part": ["train", "train", "train", "test"]})
    assert age_counts(labelled, splits=splits, years=10) == {
        "train": {"00-09": {"female": 1, "male": 1}, "10-19": {"female": 0, "male": 1}},
        "validation": {},
        "calibration": {},
        "test": {"unknown": {"female": 0, "male": 0, "unknown": 1}},
    }


def test_a_face_without_a_gender_is_counted_as_such() -> None:
    splits = pd.DataFrame({"part": ["train"] * 4})
    found = age_counts(rows(4, gender=[None, None, 1, 1]), splits=splits, years=10)
    assert found["train"]["00-09"] == {"female": 0, "male": 0, "unknown": 2}


def test_near_duplicates_that_no_group_holds_together_are_counted_as_pairs_across_parts() -> None:
    hashes = [f"{value:064x}" for value in (0b0, 0b11, 0b1100, 2**200 - 1)]
    parts = ["train", "test", "train", "test"]
    assert metrics(parts, phash=hashes)["near_duplicate_pairs_across_parts"] == 1


def test_people_in_more_than_one_part_are_counted() -> None:
    found = metrics(["train", "train", "test", "test"], identity=["ann", "ann", "ann", "bob"])
    assert found["identities"] == 2
    assert found["identities_across_parts"] == 1
    assert found["identity_pairs_across_parts"] == 2


def test_unknown_people_are_not_counted() -> None:
    found = metrics(["train", "train", "test", "test"])
    assert (found["identities"], found["identity_pairs_across_parts"]) == (0, 0)


def test_one_name_in_two_sources_is_no_leak() -> None:
    columns = {"identity": ["ann"] * 4, "source": ["a", "a", "b", "b"]}
    found = metrics(["train", "train", "test", "test"], **columns)
    assert (found["identities"], found["identities_across_parts"]) == (2, 0)


def test_the_fold_is_told_where_there_are_folds() -> None:
    parts = ["train", "train", "train", "test"]
    assert metrics(parts, method="kfold")["kfold"] == {"folds": 5, "fold": 2}
    assert "kfold" not in metrics(parts)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(PARTS)), min_size=1, max_size=20))
def test_pairs_across_parts_are_those_of_the_plain_double_loop(
    pairs: list[tuple[int, str]],
) -> None:
    expected = sum(
        first[0] == second[0] and first[1] != second[1]
        for position, first in enumerate(pairs)
        for second in pairs[position + 1 :]
    )
    table = pd.DataFrame(pairs, columns=["group", "part"])
    assert pairs_across_parts(table, by="group") == expected
