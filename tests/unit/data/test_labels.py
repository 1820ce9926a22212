"""Labels: years and 0 = female, 1 = male, or a reason with the value found."""

from collections.abc import Callable

import pytest

from visage.codes import FEMALE, MALE, Reason, Task
from visage.data.fault import Fault
from visage.data.labels import Labels, Rules, read_labels, same_code
from visage.data.source import GenderCodes, Record

Make = Callable[..., Record]
CODES = GenderCodes(female="0", male="1")


def labels_of(record: Record, *, codes: GenderCodes = CODES, **rules: str) -> object:
    return read_labels(record, codes=codes, rules=Rules(100, **rules))


def exact(age: float, gender: int, **more: bool) -> Labels:
    return Labels(age=age, age_low=age, age_high=age, gender=gender, **more)


@pytest.mark.parametrize(("text", "age"), [("0", 0), ("100", 100), ("31.5", 31.5), (" 7 ", 7)])
def test_age_within_the_grid_is_kept(record: Make, text: str, age: float) -> None:
    assert labels_of(record(age=text)) == exact(age, MALE)


@pytest.mark.parametrize(
    ("fields", "reason", "value"),
    [
        ({"age": None}, Reason.LABEL_MISSING, "age: ''"),
        ({"age": " "}, Reason.LABEL_MISSING, "age: ' '"),
        ({"age": "NaN"}, Reason.LABEL_MISSING, "age: 'NaN'"),
        ({"gender": ""}, Reason.LABEL_MISSING, "gender: ''"),
        ({"age": "thirty"}, Reason.AGE_NOT_A_NUMBER, "thirty"),
        ({"age": "30-40"}, Reason.AGE_NOT_A_NUMBER, "30-40"),
        ({"age": "1_0"}, Reason.AGE_NOT_A_NUMBER, "1_0"),
        ({"age": "inf"}, Reason.AGE_NOT_A_NUMBER, "inf"),
        ({"age": "1e999"}, Reason.AGE_NOT_A_NUMBER, "1e999"),
        ({"age": "-1"}, Reason.AGE_OUT_OF_RANGE, "-1"),
        ({"age": "100.5"}, Reason.AGE_OUT_OF_RANGE, "100.5"),
        ({"gender": "2"}, Reason.GENDER_UNKNOWN, "2"),
        ({"gender": "male"}, Reason.GENDER_UNKNOWN, "male"),
    ],
)
def test_bad_label_gives_its_reason_and_value(
    record: Make, fields: dict[str, str | None], reason: Reason, value: str
) -> None:
    assert labels_of(record(**fields)) == Fault(reason, value)


def test_age_above_the_grid_is_clipped_on_request(record: Make) -> None:
    found = labels_of(record(age="116"), over_max="clip")
    assert found == exact(100, MALE, clipped=True)


@pytest.mark.parametrize("text", ["-1", "inf"])
def test_clipping_saves_no_impossible_age(record: Make, text: str) -> None:
    assert isinstance(labels_of(record(age=text), over_max="clip"), Fault)


def test_codes_of_the_source_become_ours(record: Make) -> None:
    codes = GenderCodes(female="F", male="M")
    found = [labels_of(record(gender=code), codes=codes) for code in ("F", "M")]
    assert found == [exact(30, FEMALE), exact(30, MALE)]


@pytest.mark.parametrize("text", ["0", "0.0", " 0", "00", "-0"])
def test_equal_numbers_are_one_code(text: str) -> None:
    assert same_code(text, "0")


@pytest.mark.parametrize(("text", "code"), [("nan", "NaN"), ("", "0"), ("f", "F"), ("x", "0")])
def test_other_texts_are_other_codes(text: str, code: str) -> None:
    assert not same_code(text, code)


def test_an_age_known_as_a_range_has_its_middle(record: Make) -> None:
    found = labels_of(record(age="20", age_to="29"))
    assert found == Labels(age=24.5, age_low=20, age_high=29, gender=MALE)


@pytest.mark.parametrize("ends", [("29", "20"), ("-1", "3"), ("90", "101")])
def test_a_range_outside_the_grid_or_backwards_is_no_age(
    record: Make, ends: tuple[str, str]
) -> None:
    found = labels_of(record(age=ends[0], age_to=ends[1]))
    assert found == Fault(Reason.AGE_OUT_OF_RANGE, f"{ends[0]} to {ends[1]}")


def test_the_end_of_a_range_is_clipped_on_request(record: Make) -> None:
    found = labels_of(record(age="90", age_to="120"), over_max="clip")
    assert found == Labels(age=95, age_low=90, age_high=100, gender=MALE, clipped=True)


@pytest.mark.parametrize(
    ("task", "expected"), [(Task.AGE, exact(30, MALE).age), (Task.GENDER, None)]
)
def test_a_source_needs_only_the_labels_that_it_gives(
    record: Make, task: Task, expected: float | None
) -> None:
    fields = {"age": None, "gender": None} | {task.value: "1" if task is Task.GENDER else "30"}
    found = labels_of(record(tasks=frozenset({task}), **fields))
    assert isinstance(found, Labels)
    assert found.age == expected
    assert found.gender == (MALE if task is Task.GENDER else None)


def test_a_row_with_one_of_two_labels_is_kept_on_request(record: Make) -> None:
    found = labels_of(record(gender="NaN"), missing_label="keep")
    assert found == Labels(age=30, age_low=30, age_high=30)


def test_a_row_without_any_label_is_never_kept(record: Make) -> None:
    found = labels_of(record(age="", gender=""), missing_label="keep")
    assert found == Fault(Reason.LABEL_MISSING, "age: ''")


def test_a_label_that_is_there_must_be_right_where_others_may_lack(record: Make) -> None:
    assert isinstance(labels_of(record(age="x", gender=""), missing_label="keep"), Fault)
