"""Groups of near-duplicates whose labels contradict each other."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from visage.codes import FEMALE, MALE, UNLABELLED, Reason
from visage.data import contradictions as module
from visage.data import near_duplicates
from visage.data.contradictions import PairCounts, contradictions, pair_counts
from visage.data.near_pairs import Pairs
from visage.schema import INDEX

Years = float | tuple[float, float] | None
Face = tuple[int, Years, int | None]  # group, age or its range, gender


def index(*faces: Face) -> pd.DataFrame:
    rows = []
    for row, (group, years, gender) in enumerate(faces):
        low, high = years if isinstance(years, tuple) else (years, years)
        ages = {"age": None if low is None else (low + high) / 2, "age_low": low, "age_high": high}
        part = UNLABELLED if years is None and gender is None else None
        facts = {"id": f"id{row}", "row": row, "group": group, "gender": gender}
        rows.append({**facts, **ages, "official_part": part})
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


def test_an_unknown_label_is_told_as_such_and_contradicts_nothing() -> None:
    found = contradictions(index((0, 20, None), (0, 30, None), (0, 20, MALE)), years=0)
    assert found.faults[0].value == "id1 (30, ?)"
    assert found.faults[1].value == "id0 (20, ?), id2 (20, male)"
    assert found.faults[2].value == "id1 (30, ?)"


def test_a_source_of_genders_only_has_no_ages() -> None:
    found = contradictions(index((0, None, MALE), (0, None, FEMALE)), years=0)
    assert [found.faults[row].value for row in (0, 1)] == ["id1 (?, female)", "id0 (?, male)"]


def test_what_contradicts_nothing_itself_is_told_what_does() -> None:
    found = contradictions(index((0, 20, None), (0, 40, None), (0, None, MALE)), years=0)
    assert found.faults[2].value == "id0 (20, ?), id1 (40, ?)"


def test_an_age_inside_of_a_range_does_not_contradict_it() -> None:
    assert contradictions(index((0, (20, 29), MALE), (0, 21, MALE)), years=0).n_groups == 0
    assert contradictions(index((0, (20, 29), MALE), (0, (29, 35), MALE)), years=0).n_groups == 0


@pytest.mark.parametrize(("years", "n_groups"), [(1, 1), (2, 0)])
def test_ranges_are_as_far_apart_as_their_nearest_ends(years: float, n_groups: int) -> None:
    found = contradictions(index((0, (3, 9), MALE), (0, (11, 19), MALE)), years=years)
    assert found.n_groups == n_groups
    assert not n_groups or found.faults[0].value == "id1 (11 to 19, male)"


def test_nothing_is_said_of_the_members_before_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_faults", lambda _: pytest.fail("was told"))
    assert len(contradictions(index((0, 20, MALE), (0, 30, MALE)), years=0).members) == 2


def test_a_large_group_is_told_once_for_equal_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    listed = module._listed
    monkeypatch.setattr(module, "_listed", lambda *given: told.append(1) or listed(*given))
    faces = [(0, age % 3, MALE) for age in range(3000)]
    assert len(contradictions(index(*faces), years=0).faults) == 3000
    assert len(told) == 3


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


def test_pairs_of_ranges_contradict_where_these_lie_apart() -> None:
    faces = index((0, (20, 29), MALE), (0, 25, MALE), (0, (30, 39), MALE))
    assert pair_counts(with_hashes(faces, 0, 0, 0), years=0, max_bits=0).ages == 2
    assert pair_counts(with_hashes(faces, 0, 0, 0), years=1, max_bits=0).ages == 1


@pytest.mark.parametrize("years", [0, 3])
def test_pairs_are_counted_as_by_the_plain_double_loop(years: float) -> None:
    rng = np.random.default_rng(2)
    faces = [
        (0, [None, int(age), (int(age), int(age) + 4)][how], [None, MALE, FEMALE][gender])
        for age, how, gender in zip(
            rng.integers(20, 30, 90), rng.integers(0, 3, 90), rng.integers(0, 3, 90), strict=True
        )
    ]
    hashes = (rng.integers(0, 4, 90) * 2**50 + rng.integers(0, 3, 90)).tolist()
    table = with_hashes(index(*faces), *hashes)
    near = [
        (one, other)
        for one, other in combinations(table.itertuples(), 2)
        if (int(one.phash, 16) ^ int(other.phash, 16)).bit_count() <= 1
    ]
    ages = sum(
        one.age_low - other.age_high > years or other.age_low - one.age_high > years
        for one, other in near
    )
    genders = sum({one.gender, other.gender} == {MALE, FEMALE} for one, other in near)
    assert ages > 100
    assert genders > 100
    assert pair_counts(table, years=years, max_bits=1) == PairCounts(len(near), ages, genders)


def test_a_mass_of_blank_images_is_counted_without_listing_its_pairs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = []

    def counted(*given: object, **options: object) -> list[Pairs]:
        blocks = list(near_duplicates.near_duplicate_pairs(*given, **options))
        listed.append(sum(len(one) for one, _ in blocks))
        return blocks

    monkeypatch.setattr(module, "near_duplicate_pairs", counted)
    n = 10_000
    faces = with_hashes(index(*[(0, row % 2, MALE) for row in range(n)]), *[0] * n)
    assert pair_counts(faces, years=0, max_bits=0) == PairCounts(n * (n - 1) // 2, n**2 // 4, 0)
    assert listed == [1]
