"""Which rows of the index are meant."""

import pandas as pd
import pytest

from visage.codes import UNLABELLED, Part
from visage.data.index import labelled_rows, rows_of_part, without_rejected


@pytest.fixture
def index() -> pd.DataFrame:
    return pd.DataFrame({"id": list("cab"), "official_part": [None, UNLABELLED, None]})


def test_rows_for_prediction_have_no_labels(index: pd.DataFrame) -> None:
    assert labelled_rows(index)["id"].tolist() == ["c", "b"]


def test_rows_of_a_part_keep_the_order_of_the_index(index: pd.DataFrame) -> None:
    splits = pd.DataFrame({"id": list("bc"), "part": ["train", "train"]})
    assert rows_of_part(index, splits=splits, part=Part.TRAIN)["id"].tolist() == ["c", "b"]


def test_row_set_aside_goes_and_its_namesake_stays() -> None:
    index = pd.DataFrame({"id": ["a", "b"], "row": [0, 1]})
    rejected = pd.DataFrame({"id": ["a", "b"], "row": [2, 1]})
    assert without_rejected(index, rejected)["id"].tolist() == ["a"]
