"""Screening: which rows go on, and that an id belongs to one row, whatever their order."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.codes import UNLABELLED, Reason
from visage.data.labels import Rules
from visage.data.screening import Screened, draw_subset, screen
from visage.data.source import GenderCodes, Record, Source

Make = Callable[..., Record]


def screened(*records: Record) -> Screened:
    codes = GenderCodes(female="0", male="1")
    source = Source(name="kaggle", root=Path(), codes=codes, records=records)
    return screen(source, rules=Rules(100))


def reasons(found: Screened) -> list[tuple[int, Reason]]:
    return [(one.record.row, one.fault.reason) for one in found.rejections]


def test_good_rows_go_on_in_order_each_to_its_store(record: Make, unlabelled_record: Make) -> None:
    found = screened(record(id="b"), record(id="a", row=1), unlabelled_record("c", 2))
    assert [one.record.id for one in found.labelled] == ["b", "a"]
    assert [one.record.id for one in found.unlabelled] == ["c"]


def test_of_two_equal_rows_the_later_is_a_duplicate(record: Make) -> None:
    found = screened(record(), record(row=1))
    assert reasons(found) == [(1, Reason.DUPLICATE_ID)]


ROWS_OF_ONE_ID = [
    {"path": "b.jpg", "age": "20"},
    {"path": "a.jpg", "age": "31"},
    {"path": "a.jpg", "age": "30", "gender": "0"},
    {"path": "a.jpg", "age": "30", "gender": "1"},
    {"path": "0.jpg", "malformed": True},
    {"path": "0.jpg", "official_part": UNLABELLED},
]


@pytest.mark.parametrize("turned", range(len(ROWS_OF_ONE_ID)))
def test_an_id_belongs_to_the_same_row_whatever_the_order(record: Make, turned: int) -> None:
    rows = [*ROWS_OF_ONE_ID[turned:], *ROWS_OF_ONE_ID[:turned]]
    found = screened(*(record(**fields, row=row) for row, fields in enumerate(rows)))
    (kept,) = found.labelled
    assert (kept.record.path, kept.labels.age, kept.labels.gender) == ("a.jpg", 30, 0)
    assert not found.unlabelled


def test_id_of_a_row_set_aside_is_taken_all_the_same(record: Make) -> None:
    found = screened(record(age="x"), record(path="b.jpg", row=1))
    assert reasons(found) == [(0, Reason.AGE_NOT_A_NUMBER), (1, Reason.DUPLICATE_ID)]


def test_unlabelled_id_that_is_labelled_too_is_a_duplicate(
    record: Make, unlabelled_record: Make
) -> None:
    assert reasons(screened(record(), unlabelled_record("a", 1))) == [(1, Reason.DUPLICATE_ID)]


def test_malformed_record_shows_its_path(record: Make) -> None:
    (rejection,) = screened(record(malformed=True, path="39_1_2017.jpg")).rejections
    assert (rejection.fault.reason, rejection.fault.value) == (
        Reason.MALFORMED_NAME,
        "39_1_2017.jpg",
    )


def test_id_that_is_empty_or_breaks_a_line_is_malformed(record: Make) -> None:
    found = screened(*(record(id=id_, row=row) for row, id_ in enumerate(["", " ", "a\rb"])))
    assert [reason for _, reason in reasons(found)] == [Reason.MALFORMED_NAME] * 3


def test_a_row_that_a_parameter_leaves_out_says_which(record: Make) -> None:
    (rejection,) = screened(record(left_out="data.x: 1")).rejections
    assert (rejection.fault.reason, rejection.fault.value) == (Reason.LEFT_OUT, "data.x: 1")


def test_a_subset_is_drawn_from_the_labelled_rows_whatever_their_order(
    record: Make, unlabelled_record: Make
) -> None:
    records = [record(id=str(row), row=row) for row in range(50)]
    asked = unlabelled_record("q", 50)
    drawn = draw_subset(screened(*records, asked), size=20, seed=3)
    turned = draw_subset(screened(*reversed(records), asked), size=20, seed=3)
    ids = [one.record.id for one in drawn.labelled]
    assert sorted(ids) == sorted(one.record.id for one in turned.labelled)
    assert ids == sorted(ids, key=int)
    assert (len(ids), len(drawn.unlabelled), len(drawn.rejections)) == (20, 1, 30)


def test_other_seeds_draw_other_subsets(record: Make) -> None:
    found = screened(*(record(id=str(row), row=row) for row in range(50)))
    first, second = (draw_subset(found, size=20, seed=seed).labelled for seed in (0, 1))
    assert first != second


def test_without_a_size_or_with_a_large_one_all_rows_go_on(record: Make) -> None:
    found = screened(record())
    assert draw_subset(found, size=None, seed=0) == draw_subset(found, size=9, seed=0) == found
