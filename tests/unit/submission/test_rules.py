import pytest

from visage.submission.rules import COLUMNS, Asked, check_submission, summary

ASKED = Asked(COLUMNS, ("6", "11", "007"))
GOOD = b"id,age,gender\n6,30.5,1\n11,0,0\n007,1e2,1\n"


def faults(content: bytes, asked: Asked = ASKED) -> list[str]:
    return [str(fault) for fault in check_submission(content, asked).faults]


def changed(old: bytes, new: bytes) -> list[str]:
    assert old in GOOD
    return faults(GOOD.replace(old, new, 1))


@pytest.mark.parametrize("content", [GOOD, GOOD.replace(b"\n", b"\r\n"), GOOD.rstrip()])
def test_a_sound_file_has_no_faults(content: bytes) -> None:
    assert faults(content) == []


def test_a_summary_says_the_number_of_rows_and_the_distribution() -> None:
    told = summary(check_submission(GOOD, ASKED).table)
    assert told == (
        "3 rows; ages 0.0 to 100.0, mean 43.50, standard deviation 41.85 years; 66.7% men"
    )


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (b"nan", "ages that are no finite number (1): line 2: 'nan'"),
        (b"inf", "ages that are no finite number (1): line 2: 'inf'"),
        (b"", "ages that are no finite number (1): line 2: ''"),
        (b" 30.5", "ages that are no finite number (1): line 2: ' 30.5'"),
        (b"1e999", "ages outside of 0 to 100 years (1): line 2: '1e999'"),
        (b"-0.1", "ages outside of 0 to 100 years (1): line 2: '-0.1'"),
        (b"100.01", "ages outside of 0 to 100 years (1): line 2: '100.01'"),
    ],
)
def test_an_age_that_a_scorer_may_not_take_is_a_fault(cell: bytes, fault: str) -> None:
    assert changed(b"30.5", cell) == [fault]


@pytest.mark.parametrize("cell", ["1.0", "2", "", "male", "-1"])
def test_a_gender_is_0_or_1(cell: str) -> None:
    assert changed(b"30.5,1", f"30.5,{cell}".encode()) == [
        f"genders other than 0 and 1 (1): line 2: {cell!r}"
    ]


def test_an_id_that_occurs_again_is_a_fault_beside_the_one_that_is_missing() -> None:
    assert changed(b"11,", b"6,") == [
        "ids that occur again (1): line 3: '6'",
        "ids without a row (1): '11'",
    ]


def test_an_id_is_text_so_that_zeros_before_it_count() -> None:
    assert changed(b"007", b"7") == [
        "ids that were not asked for (1): line 4: '7'",
        "ids without a row (1): '007'",
    ]


def test_another_order_is_a_fault() -> None:
    content = b"id,age,gender\n11,0,0\n6,30.5,1\n007,1e2,1\n"
    assert faults(content) == ["ids in another order than asked for (2): line 2: '11'; line 3: '6'"]


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        (
            b"id,gender,age",
            "columns are in another order: 'id,gender,age', must be 'id,age,gender'",
        ),
        (b"id,age,sex", "columns differ: 'id,age,sex', must be 'id,age,gender'"),
        (b"id,age,age", "columns differ: 'id,age,age', must be 'id,age,gender'"),
        (b"ID,age,gender", "columns differ: 'ID,age,gender', must be 'id,age,gender'"),
    ],
)
def test_other_columns_are_a_fault(header: bytes, fault: str) -> None:
    assert fault in changed(b"id,age,gender", header)


def test_an_index_column_is_named_with_its_remedy() -> None:
    rows = GOOD.split(b"\n")
    numbered = [b"," + rows[0], *(b"0," + row for row in rows[1:-1])]
    assert faults(b"\n".join(numbered)) == [
        "columns differ: ',id,age,gender', must be 'id,age,gender'; the first is a table's index: "
        "write it with index=False"
    ]


def test_another_separator_is_named() -> None:
    assert "save it with commas" in faults(GOOD.replace(b",", b";"))[0]


def test_a_sample_may_ask_for_fewer_columns() -> None:
    assert faults(b"id,age\n6,1\n", Asked(("id", "age"), ("6",))) == []


def test_all_faults_are_told_at_once_with_the_first_places_and_their_number() -> None:
    ids = [str(number) for number in range(20)]
    rows = "".join(f"{id_},-1,9\n" for id_ in ids)
    found = faults(b"id,age,gender\n" + rows.encode(), Asked(COLUMNS, ids))
    assert len(found) == 2
    assert found[0].startswith("ages outside of 0 to 100 years (20): line 2: '-1'; ")
    assert found[1].endswith("line 6: '9'; and 15 more")
