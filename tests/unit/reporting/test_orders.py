from math import isnan
from types import SimpleNamespace

from visage.reporting.orders import by_age, label_age, label_gender


def test_the_largest_rank_comes_first_in_both_orders() -> None:
    young, old = by_age(3.0), by_age(80.0)
    assert young[0] > old[0]
    assert young[1] < old[1]


def test_without_an_age_there_is_no_rank() -> None:
    assert all(isnan(rank) for rank in by_age(None))


def test_a_label_that_is_missing_is_told_apart_from_female_and_newborn() -> None:
    known, unknown = (SimpleNamespace(age=value, gender=value) for value in (0.0, None))
    assert (label_age(known), label_gender(known)) == (0.0, "female")
    assert (label_age(unknown), label_gender(unknown)) == (None, "")
