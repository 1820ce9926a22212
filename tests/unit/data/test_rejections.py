"""Rows set aside: the table, and the message when there are too many of them."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from visage.codes import UNLABELLED, Reason
from visage.data.rejections import (
    REMEDIES,
    Fault,
    Rejection,
    TooManyRejectedError,
    check_rejected,
    count_reasons,
    rejected_table,
)
from visage.data.source import Record
from visage.files.tables import read_table, write_table
from visage.schema import REJECTED

Make = Callable[..., Record]


@pytest.fixture
def rejected(record: Make) -> pd.DataFrame:
    """Returns eight rows set aside, for two reasons."""
    rejections = [
        Rejection(record(id=f"id{row}", row=row), Fault(Reason.IMAGE_MISSING, f"{row}.jpg"))
        for row in range(7, 0, -1)
    ]
    rejections.append(Rejection(record(id="id8", row=8), Fault(Reason.AGE_NOT_A_NUMBER, "x")))
    return rejected_table(rejections, source="kaggle")


def index(n: int, *, official_part: str | None = None) -> pd.DataFrame:
    return pd.DataFrame({"official_part": [official_part] * n})


def message_of(rejected: pd.DataFrame, accepted: pd.DataFrame, *, max_rejected: float) -> str:
    with pytest.raises(TooManyRejectedError) as caught:
        check_rejected(rejected, accepted, max_rejected=max_rejected)
    return str(caught.value)


def test_table_is_in_the_sources_order(rejected: pd.DataFrame) -> None:
    assert rejected["row"].tolist() == list(range(1, 9))


@pytest.mark.parametrize("value", ["a\rb", "a\nb", 'quote " and , comma', "NA", "x" * 10_000, "é"])
def test_hostile_values_survive_the_file(record: Make, tmp_path: Path, value: str) -> None:
    fault = Fault(Reason.AGE_NOT_A_NUMBER, value)
    table = rejected_table([Rejection(record(id=value, path=value), fault)], source="kaggle")
    write_table(tmp_path / "rejected.csv", table, REJECTED)
    found = read_table(tmp_path / "rejected.csv", REJECTED)
    assert found["value"].tolist() == table["value"].tolist()


def test_empty_table_has_its_columns(tmp_path: Path) -> None:
    write_table(tmp_path / "rejected.csv", rejected_table([], source="kaggle"), REJECTED)
    assert list(read_table(tmp_path / "rejected.csv", REJECTED).columns) == REJECTED.names


def test_reasons_are_counted(rejected: pd.DataFrame) -> None:
    assert count_reasons(rejected) == {"image missing": 7, "age not a number": 1}


def test_share_at_the_limit_passes(rejected: pd.DataFrame) -> None:
    assert check_rejected(rejected, index(8), max_rejected=0.5) is None


def test_message_shows_counts_examples_and_first_rows(rejected: pd.DataFrame) -> None:
    message = message_of(rejected, index(2), max_rejected=0.05)
    assert "8 of 10 rows were set aside (80.0%), more than ingest.max_rejected (5.0%)" in message
    assert "7 x image missing, e.g. '1.jpg'" in message
    assert "1 x age not a number, e.g. 'x'" in message
    assert "row 5: id 'id5'" in message
    assert "row 6" not in message
    assert "raise ingest.max_rejected; data/rejected.csv lists them all" in message


def test_no_labelled_image_stops_whatever_the_limit(rejected: pd.DataFrame) -> None:
    message = message_of(rejected, index(100, official_part=UNLABELLED), max_rejected=1.0)
    assert message.startswith("no labelled image is left: 8 of 108 rows were set aside")


def test_nothing_accepted_at_all_stops(rejected: pd.DataFrame) -> None:
    assert "no labelled image" in message_of(rejected, index(0), max_rejected=1.0)


def test_filters_that_leave_everything_out_are_named_with_the_remedy(record: Make) -> None:
    values = ["data.imdb_wiki.min_face_score: 0.3", "data.imdb_wiki.min_face_score: 0.5"]
    faults = [Fault(Reason.LEFT_OUT, value) for value in [*values, "data.subset: 1"]]
    faults.append(Fault(Reason.IMAGE_MISSING, "a.jpg"))
    rows = [Rejection(record(row=row), fault) for row, fault in enumerate(faults)]
    message = message_of(rejected_table(rows, source="imdb_wiki"), index(0), max_rejected=1.0)
    assert message.startswith("no labelled image is left: 4 of 4 rows were set aside")
    assert "3 x left out by a parameter, e.g. 'data.imdb_wiki.min_face_score: 0.3'" in message
    assert "1 x image missing" in message
    assert "Loosen data.imdb_wiki.min_face_score and data.subset, mend the data set" in message


def test_rows_left_out_are_no_part_of_the_share(record: Make) -> None:
    faults = [Fault(Reason.LEFT_OUT, "data.subset: 1")] * 8 + [Fault(Reason.IMAGE_MISSING, "a.jpg")]
    rows = [Rejection(record(row=row), fault) for row, fault in enumerate(faults)]
    message = message_of(rejected_table(rows, source="kaggle"), index(1), max_rejected=0.05)
    assert "1 of 2 rows were set aside (50.0%)" in message
    assert "data.subset" not in message


def test_every_reason_has_a_remedy() -> None:
    assert set(REMEDIES) == set(Reason)
