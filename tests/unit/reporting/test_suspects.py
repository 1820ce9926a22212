from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from visage.codes import Task
from visage.posterior.decision import AgeIntervals, AgeLevel, Baseline, Decision
from visage.posterior.views import PredictionsError
from visage.reporting.suspects import (
    SUSPECTS,
    Run,
    coverage_text,
    csv_table,
    suspects,
    suspects_page,
)
from visage.schema import INDEX, PREDICTIONS

N, WRONG = 400, 20
DECISION = Decision(
    tasks=(Task.AGE, Task.GENDER),
    n=100,
    gender_threshold=0.5,
    gender_temperature=1.0,
    age_intervals=AgeIntervals((), (AgeLevel(0.9, (8.0,), 8.0),), shown=0),
    baseline=Baseline(40.0, 0),
)


@pytest.fixture
def index() -> pd.DataFrame:
    """Labels, those of the first 20 images swapped: ten ages, ten genders."""
    rng = np.random.default_rng(6)
    age, gender = rng.integers(1, 90, N).astype(float), rng.integers(0, 2, N)
    table = pd.DataFrame({"id": [f"face {row:03d}" for row in range(N)], "gender": gender})
    table = table.assign(age=age, true_age=age, true_gender=gender, row=range(N), group=range(N))
    table.loc[:9, "age"] = np.where(age[:10] < 45, age[:10] + 55, age[:10] - 44)
    table.loc[10:19, "gender"] = 1 - gender[10:20]
    table.loc[19, "group"] = 30
    return table.assign(age_low=table["age"], age_high=table["age"], source_path=table["id"])


def predictions(index: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """A good model's predictions of these images, made from their true labels."""
    rng = np.random.default_rng(seed)
    told = (index["true_age"] + rng.laplace(0, 2, len(index))).clip(0, 100).round().astype(int)
    probability = np.where(index["true_gender"] == 1, 0.999, 0.001)
    table = pd.DataFrame(
        {"id": index["id"], "view": "identity", "posterior": list(np.eye(101)[told])}
    )
    table = table.assign(gender_probability=probability)
    return table.reindex(columns=PREDICTIONS.names)


def run(index: pd.DataFrame, *, seed: int = 0) -> Run:
    table = predictions(index, seed=seed)
    return Run("workspace", (table.head(150), table.iloc[150:]), DECISION)


def as_index(index: pd.DataFrame) -> pd.DataFrame:
    return index.reindex(columns=INDEX.names)


def test_planted_label_errors_come_out_on_top(index: pd.DataFrame) -> None:
    found = suspects(as_index(index), [run(index)])
    planted = set(index["id"].head(WRONG))
    assert len(planted & set(found["id"].head(WRONG))) >= 0.9 * WRONG


def test_the_reason_says_which_label_and_what_it_looks_like(index: pd.DataFrame) -> None:
    found = suspects(as_index(index), [run(index)]).set_index("id")
    assert found.loc["face 000", "reason"].startswith("age: ")
    assert found.loc["face 010", "reason"].startswith("gender: ")


def test_near_duplicates_with_other_labels_are_named(index: pd.DataFrame) -> None:
    found = suspects(as_index(index), [run(index)]).set_index("id")
    assert "near-duplicate of face 030 (" in found.loc["face 019", "reason"]


def test_images_that_no_run_covers_are_left_out(index: pd.DataFrame) -> None:
    found = suspects(as_index(index), [run(index.head(100))])
    assert sorted(found["id"]) == sorted(index["id"].head(100))


def test_several_runs_cover_more_and_are_averaged(index: pd.DataFrame) -> None:
    runs = [run(index.head(250)), run(index.tail(250), seed=1)]
    alone = [suspects(as_index(index), [one]).set_index("id") for one in runs]
    found = suspects(as_index(index), runs).set_index("id")
    assert len(found) == N
    twice = "face 200"
    mean = np.mean([one.loc[twice, "predicted_age"] for one in alone])
    assert found.loc[twice, "predicted_age"] == pytest.approx(mean)


def test_predictions_of_images_that_are_gone_are_passed_over(index: pd.DataFrame) -> None:
    found = suspects(as_index(index.head(50)), [run(index)])
    assert len(found) == 50


def test_an_empty_part_is_no_obstacle(index: pd.DataFrame) -> None:
    table = predictions(index)
    found = suspects(as_index(index), [Run("fold", (table.head(0), table), DECISION)])
    assert len(found) == N


def test_no_predictions_at_all_are_an_error(index: pd.DataFrame) -> None:
    table = predictions(index).head(0)
    with pytest.raises(PredictionsError, match="no predictions"):
        suspects(as_index(index), [Run("fold", (table, table), DECISION)])


def test_a_model_of_one_task_suspects_that_label_only(index: pd.DataFrame) -> None:
    table = predictions(index).assign(posterior=None)
    decision = replace(DECISION, tasks=(Task.GENDER,), age_intervals=None)
    found = suspects(as_index(index), [Run("gender", (table,), decision)])
    assert found["predicted_age"].isna().all()
    assert not found["reason"].str.startswith("age").any()


def test_the_csv_has_the_predicted_interval(index: pd.DataFrame) -> None:
    table = csv_table(suspects(as_index(index), [run(index)]))
    assert table.columns.tolist() == SUSPECTS.names
    assert (table["age_low"] <= table["predicted_age"]).all()


def test_the_page_shows_the_first_ones_and_escapes_their_ids(index: pd.DataFrame) -> None:
    hostile = index.replace({"id": {"face 000": "<script>x</script>"}})
    hostile = hostile.assign(source_path=hostile["id"])
    found = suspects(as_index(hostile), [run(hostile)])
    html = suspects_page(
        found,
        top=30,
        n_labelled=1000,
        names=["a"],
        warnings=["a: 3 of 9 <b>images</b> differ"],
        picture=lambda _: "data:image/jpeg;base64,AA",
    )
    assert html.count("<img") == 30
    assert html.count("<script>") == 1  # the page's own
    assert "<script>x" not in html
    assert "&lt;script&gt;" in html
    assert "400 of 1,000 labelled images (40.0 %)" in html
    assert "a: 3 of 9 &lt;b&gt;images" in html


def test_full_coverage_needs_no_advice() -> None:
    assert "--experiment" not in coverage_text(7, 7)
