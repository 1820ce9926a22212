"""Predictions of other images, or with other labels, are told or refused."""

import numpy as np
import pandas as pd
import pytest

from visage.codes import Task
from visage.posterior.decision import Baseline, Decision
from visage.reporting.predicted_images import OtherImagesError, differences
from visage.reporting.suspects import Run
from visage.schema import INDEX, PREDICTIONS

DECISION = Decision(
    tasks=(Task.GENDER,),
    n=100,
    gender_threshold=0.5,
    gender_temperature=1.0,
    age_intervals=None,
    baseline=Baseline(40.0, 0),
)


def index(n: int = 10, **columns: object) -> pd.DataFrame:
    ages = np.arange(n, dtype=np.float32) + np.float32(0.1)
    table = pd.DataFrame({"id": [str(row) for row in range(n)], "age": ages, "gender": 0})
    return table.reindex(columns=INDEX.names).assign(**columns)


def run(labels: pd.DataFrame) -> Run:
    """Two views of each image; the second half of them stands in another part."""
    table = pd.concat([labels.assign(view=view) for view in ("identity", "hflip")])
    table = table.reindex(columns=PREDICTIONS.names)
    first = table["id"].isin(labels["id"].head(len(labels) // 2))
    return Run("mine", (table[first], table[~first], table.head(0)), DECISION)


def test_nothing_is_said_of_the_very_images() -> None:
    assert differences(index(), run(index())) == []


def test_images_that_are_not_here_are_counted() -> None:
    (said,) = differences(index(6), run(index(10)))
    assert said.startswith("mine: 4 of 10 predicted images are not among the labelled ones here")


def test_images_with_another_label_since_are_counted() -> None:
    genders = [1, *[0] * 9]
    ages = index()["age"].mask(index()["id"] == "3", 70)
    (said,) = differences(index(gender=genders, age=ages), run(index()))
    assert said.startswith("mine: 2 of 10 images had another label when they were predicted")


@pytest.mark.parametrize("column", ["age", "gender"])
def test_labels_that_are_not_known_on_one_side_are_no_difference(column: str) -> None:
    unknown = index(**{column: None})
    assert differences(index(), run(unknown)) == []
    assert differences(unknown, run(index())) == []


def test_another_data_set_with_the_same_ids_is_refused() -> None:
    with pytest.raises(OtherImagesError, match="10 are among .* and 10 of these had another label"):
        differences(index(gender=1), run(index()))


def test_another_data_set_with_other_ids_is_refused() -> None:
    with pytest.raises(OtherImagesError, match="of its 10 predicted images 0 are among"):
        differences(index(id=[f"face {row}" for row in range(10)]), run(index()))


def test_a_run_without_predictions_differs_in_nothing() -> None:
    nothing = run(index()).predictions[2]
    assert differences(index(), Run("mine", (nothing,), DECISION)) == []
