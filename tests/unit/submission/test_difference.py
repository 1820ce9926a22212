import pytest

from visage.submission.difference import DifferenceError, Verdict, compare

MADE = b"id,age,gender\n6,43.1139,1\n007,27.9739,0\n8,30.0000,1\n"


def test_equal_bytes_are_equal() -> None:
    found = compare(MADE, MADE)
    assert found.verdict is Verdict.EQUAL
    assert str(found) == "EQUAL BYTES: 3 rows"


def test_a_small_difference_is_within_the_tolerance_and_told() -> None:
    found = compare(MADE.replace(b"43.1139", b"43.1150"), MADE)
    assert found.verdict is Verdict.WITHIN
    assert found.years == pytest.approx(0.0011)
    assert "1 of 3 rows differ: ages by up to 0.0011 years, 0 of another gender" in str(found)
    assert "id 6: age 43.115, gender 1 -> age 43.1139, gender 1" in str(found)


def test_a_larger_difference_is_beyond_it() -> None:
    given = MADE.replace(b"43.1139", b"43.1250")
    assert compare(given, MADE).verdict is Verdict.DIFFERENT
    assert compare(given, MADE, years=0.02).verdict is Verdict.WITHIN


@pytest.mark.parametrize("age", [b"30.0100", b"29.9900"])
def test_a_difference_of_just_the_tolerance_is_within(age: bytes) -> None:
    given = MADE.replace(b"30.0000", age)
    assert compare(given, MADE, years=0.01).verdict is Verdict.WITHIN
    assert compare(given, MADE, years=0.0099).verdict is Verdict.DIFFERENT


def test_another_gender_is_beyond_the_tolerance_unless_it_is_allowed() -> None:
    given = MADE.replace(b"27.9739,0", b"27.9739,1")
    found = compare(given, MADE)
    assert (found.verdict, found.flips, found.years) == (Verdict.DIFFERENT, 1, 0.0)
    assert found.changed == ("id 007: age 27.9739, gender 1 -> age 27.9739, gender 0",)
    assert compare(given, MADE, flips=1).verdict is Verdict.WITHIN


def test_other_bytes_of_the_same_values_are_said_to_be_so() -> None:
    found = compare(MADE.replace(b"\n", b"\r\n").replace(b"30.0000", b"30"), MADE)
    assert found.verdict is Verdict.WITHIN
    assert "the bytes differ, but no value of the 3 rows does" in str(found)


def test_a_cell_that_is_no_number_is_as_far_as_can_be() -> None:
    found = compare(MADE.replace(b"43.1139", b"x"), MADE)
    assert (found.verdict, found.years) == (Verdict.DIFFERENT, float("inf"))


def test_a_table_of_one_task_is_compared() -> None:
    assert compare(b"id,gender\n6,1\n", b"id,gender\n6,0\n").flips == 1
    assert compare(b"id,age\n6,1\n", b"id,age\n6,2\n").years == 1


@pytest.mark.parametrize("given", [b"", b"id,age\n6,1\n", b"x\n1\n", MADE + b"9,1,1\n"])
def test_other_rows_or_columns_are_refused(given: bytes) -> None:
    with pytest.raises(DifferenceError, match="visage submission check"):
        compare(given, MADE)
