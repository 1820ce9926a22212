import numpy as np
import pandas as pd
import pytest

from visage.codes import Task
from visage.posterior.calibration import CalibrationError, fit_decision
from visage.posterior.views import PredictionsError, average_views

LEVELS = {"coverages": (0.8, 0.9), "shown": 0.9, "min_group": 30}


def fit(faces, table, **more):
    averaged = average_views(table)
    return fit_decision(averaged, index=faces.index, splits=faces.splits, **LEVELS, **more)


def test_a_decision_for_both_tasks_is_complete(faces):
    known = {"familiarity": faces.familiarity(), "unfamiliar": 0.02}
    decision = fit(faces, faces.predictions("calibration"), **known)
    assert decision.tasks == (Task.AGE, Task.GENDER)
    unknown = {name for name, value in vars(decision).items() if value is None}
    assert unknown == {"model_sha256"}  # the stage knows the weights
    assert decision.views == average_views(faces.predictions("calibration")).views


def test_the_limit_is_that_of_the_calibration_part(faces):
    table = faces.familiarity()
    found = fit(faces, faces.predictions("calibration"), familiarity=table, unfamiliar=0.02)
    parts = table.merge(faces.splits, on="id")
    scores = parts.loc[parts["part"] == "calibration", "familiarity"].sort_values()
    assert found.familiarity_limit == scores.iloc[0]  # of 50 pairs and a new face 2 % is the face


def test_without_a_share_there_is_no_limit(faces):
    known = {"familiarity": faces.familiarity(), "unfamiliar": None}
    assert fit(faces, faces.predictions("calibration"), **known).familiarity_limit is None


def test_near_duplicates_are_no_further_evidence(faces):
    table = faces.predictions("calibration")
    alone = table[table["id"].isin(sorted(table["id"])[::2])]
    copies = alone.assign(id="copy " + alone["id"])
    assert fit(faces, alone).age_intervals == fit(faces, pd.concat([alone, copies])).age_intervals
    split = copies.assign(group=copies["group"] + 9999)
    apart = fit(faces, pd.concat([alone, split])).age_intervals
    assert apart != fit(faces, alone).age_intervals


def test_near_duplicates_are_one_face_for_the_limit_too(faces):
    known = {"familiarity": faces.familiarity(), "unfamiliar": 0.1}
    found = fit(faces, faces.predictions("calibration"), **known)
    assert found.unfamiliar_share == pytest.approx(5 / 51)  # 50 pairs of 100 faces


def test_without_gender_head_nothing_is_said_of_gender(faces):
    decision = fit(faces, faces.predictions("calibration", gender=False))
    assert decision.tasks == (Task.AGE,)
    assert decision.gender_threshold is decision.gender_temperature is decision.baseline.gender


def test_without_age_head_nothing_is_said_of_age(faces):
    decision = fit(faces, faces.predictions("calibration", age=False))
    assert decision.tasks == (Task.GENDER,)
    assert decision.age_intervals is decision.baseline.age_years is None


def test_order_of_rows_changes_nothing(faces):
    table = faces.predictions("calibration")
    assert fit(faces, table) == fit(faces, table.sample(frac=1, random_state=1).sort_values("id"))


def test_one_gender_alone_ends_with_the_remedies(faces):
    table = faces.predictions("calibration").assign(gender=0)
    with pytest.raises(CalibrationError, match=r"all 100 images are female.*tasks: \[age\]"):
        fit(faces, table)


def test_one_gender_alone_is_enough_for_age(faces):
    table = faces.predictions("calibration", gender=False).assign(gender=0)
    assert fit(faces, table).age_intervals is not None


def test_an_empty_part_ends_with_the_remedy(faces):
    with pytest.raises(PredictionsError, match=r"split\.fractions"):
        fit(faces, faces.predictions("calibration").iloc[:0])


def test_images_without_a_label_fit_nothing(faces):
    table = faces.predictions("calibration")
    some = table["id"].isin(sorted(table["id"])[:60])
    partial = table.assign(age=table["age"].where(~some), gender=table["gender"].where(some))
    apart = fit(faces, table[~some]), fit(faces, table[some])
    found = fit(faces, partial)
    assert found.age_intervals == apart[0].age_intervals
    assert found.gender_threshold == apart[1].gender_threshold


def test_a_task_without_labels_ends_with_the_remedy(faces):
    table = faces.predictions("calibration").assign(age=np.nan)
    with pytest.raises(CalibrationError, match="none of its 100 images has a label for age"):
        fit(faces, table)
