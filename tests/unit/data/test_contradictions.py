"""Groups of near-duplicates whose labels contradict each other."""

import pandas as pd
import pytest

from visage.codes import FEMALE, MALE, UNLABELLED, Reason
from visage.data.contradictions import PairCounts, contradictions, pair_counts
from visage.schema import INDEX

Face = tuple[int, float | None, int | None]  # group, age, gender


def index(*faces: Face) -> pd.DataFrame:
    rows = [
        {
            "id": f"id{row}",
            "row": row,
            "group": group,
            "age": age,
            "gender": gender,
            "official_part": UNLABELLED if age is None else None,
        }
        for row, (group, age, gender) in enumerate(faces)
    ]
    return pd.DataFrame(rows, columns=INDEX.names)


def test_other_age_contradicts() -> None:
    found = contradictions(index((0, 20, MALE), (0, 21, MALE), (2, 30, MALE)), years=0)
    assert (found.n_groups, sorted(found.faults)) == (1, [0, 1])


def test_other_gender_contradicts_whatever_the_years() -> None:
    found = contradictions(index((0, 20, MALE), (0, 20, FEMALE)), years=100)
    assert sorted(found.faults) == [0, 1]


@pytest.mark.parametrize(("age", "n_groups"), [(25, 0), (25.5, 1)])
def test_years_are_inclusive(age: float, n_groups: int) -> None:
    assert contradictions(index((0, 20, MALE), (0, age, MALE)), years=5).n_groups == n_groups


def test_equal_labels_do_not_contradict() -> None:
    assert contradictions(index((0, 20, MALE), (0, 20, MALE)), years=0).faults == {}


def test_other_groups_do_not_contradict() -> None:
    assert contradictions(index((0, 20, MALE), (1, 60, FEMALE)), years=0).n_groups == 0


def test_unlabelled_images_are_passed_over() -> None:
    found = contradictions(index((0, 20, MALE), (0, None, None), (0, 30, MALE)), years=0)
    assert sorted(found.faults) == [0, 2]


def test_group_is_judged_by_its_span() -> None:
    found = contradictions(index((0, 20, MALE), (0, 24, MALE), (0, 28, MALE)), years=5)
    assert sorted(found.faults) == [0, 1, 2]


def test_fault_says_ids_and_labels_that_are_contradicted() -> None:
    found = contradictions(index((0, 20, MALE), (0, 20, MALE), (0, 31.5, FEMALE)), years=0)
    assert found.faults[0].reason is Reason.CONTRADICTING
    assert found.faults[0].value == "id2 (31.5, female)"
    assert found.faults[2].value == "id0 (20, male), id1 (20, male)"


def test_fault_in_a_large_group_stays_short() -> None:
    found = contradictions(index((0, 1, MALE), *[(0, 2, MALE)] * 50), years=0)
    assert found.faults[0].value == "id1 (2, male), id2 (2, male), id3 (2, male), 47 more"


def test_only_unlabelled_images_hold_no_contradiction() -> None:
    assert contradictions(index((0, None, None), (0, None, None)), years=0).n_groups == 0


def test_no_images_hold_no_contradiction() -> None:
    assert contradictions(index(), years=0).n_groups == 0


def with_hashes(faces: pd.DataFrame, *hashes: int) -> pd.DataFrame:
    return faces.assign(phash=[f"{value:064x}" for value in hashes])


def test_pairs_with_other_ages_and_with_other_genders_are_counted_apart() -> None:
    faces = index((0, 20, MALE), (0, 30, MALE), (0, 20, FEMALE), (3, 90, FEMALE))
    counts = pair_counts(with_hashes(faces, 0, 1, 2, 2**200 - 1), years=0, max_bits=2)
    assert counts == PairCounts(n=3, ages=2, genders=2)


def test_ages_of_a_pair_may_differ_by_the_years() -> None:
    faces = with_hashes(index((0, 20, MALE), (0, 25, MALE), (0, 25.5, MALE)), 0, 0, 0)
    assert pair_counts(faces, years=5, max_bits=0).ages == 1


def test_ends_of_a_chain_that_are_far_apart_are_no_pair() -> None:
    faces = with_hashes(index((0, 20, MALE), (0, 20, MALE), (0, 60, MALE)), 0b0, 0b11, 0b1111)
    assert pair_counts(faces, years=0, max_bits=2) == PairCounts(n=2, ages=1, genders=0)


def test_an_unknown_label_contradicts_nothing() -> None:
    faces = with_hashes(index((0, 20, None), (0, None, None), (0, 20, MALE)), 0, 0, 0)
    assert pair_counts(faces, years=0, max_bits=0) == PairCounts(n=3, ages=0, genders=0)
