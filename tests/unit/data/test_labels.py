"""Labels: years and 0 = female, 1 = male, or a reason with the value found."""

from collections.abc import Callable

import pytest

from visage.data.labels import Labels, read_labels, same_code
from visage.data.rejections import Fault
from visage.data.source import GenderCodes, Record
from visage.schema import FEMALE, MALE, Reason

Make = Callable[..., Record]
CODES = GenderCodes(female="0", male="1")


def labels_of(record: Record, *, codes: GenderCodes = CODES, over_max: str = "reject") -> object:
    return read_labels(record, codes=codes, age_max=100, over_max=over_max)


@pytest.mark.parametrize(("text", "age"), [("0", 0), ("100", 100), ("31.5", 31.5), (" 7 ", 7)])
def test_age_within_the_grid_is_kept(record: Make, text: str, age: float) -> None:
    assert labels_of(record(age=text)) == Labels(age=age, gender=MALE)


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
    assert found == Labels(age=100, gender=MALE, clipped=True)


@pytest.mark.parametrize("text", ["-1", "inf"])
def test_clipping_saves_no_impossible_age(record: Make, text: str) -> None:
    assert isinstance(labels_of(record(age=text), over_max="clip"), Fault)


def test_codes_of_the_source_become_ours(record: Make) -> None:
    codes = GenderCodes(female="F", male="M")
    found = [labels_of(record(gender=code), codes=codes) for code in ("F", "M")]
    assert found == [Labels(age=30, gender=FEMALE), Labels(age=30, gender=MALE)]


@pytest.mark.parametrize("text", ["0", "0.0", " 0", "00", "-0"])
def test_equal_numbers_are_one_code(text: str) -> None:
    assert same_code(text, "0")


@pytest.mark.parametrize(("text", "code"), [("nan", "NaN"), ("", "0"), ("f", "F"), ("x", "0")])
def test_other_texts_are_other_codes(text: str, code: str) -> None:
    assert not same_code(text, code)
