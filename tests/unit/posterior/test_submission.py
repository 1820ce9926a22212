from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from visage.codes import Task
from visage.posterior.decision import AgeIntervals, AgeLevel, Baseline, Decision
from visage.posterior.submission import SubmissionError, make_submission

BOTH = Decision(
    (Task.AGE, Task.GENDER),
    10,
    0.5,
    1.0,
    AgeIntervals((), (AgeLevel(0.9, (9.0,), 9.0),), shown=0),
    Baseline(33.25, 1),
)
AGE_ONLY = Decision(
    (Task.AGE,),
    10,
    None,
    None,
    AgeIntervals((), (AgeLevel(0.9, (9.0,), 9.0),), shown=0),
    Baseline(33.25, None),
)
GENDER_ONLY = Decision((Task.GENDER,), 10, 0.5, 1.0, None, Baseline(None, 1))
NO_ONE = pd.DataFrame({"row": [], "id": [], "official_part": []}, dtype=object)


def rejected(*rows):
    return pd.DataFrame(rows, columns=["row", "id", "official_part"])


@pytest.fixture
def submit(faces):
    def make(**changes):
        given = {
            "index": faces.index,
            "rejected": NO_ONE,
            "unlabelled": faces.predictions("unlabelled"),
            "test": faces.predictions("test"),
            "decision": BOTH,
        }
        return make_submission(**{**given, **changes})

    return make


def test_one_row_for_each_id_in_the_sources_order(submit, faces):
    mixed = faces.index.sample(frac=1, random_state=0)
    assert submit(index=mixed).table["id"].to_list() == [f"q{row:05d}" for row in range(40)]


def test_ages_have_four_decimals(submit):
    assert submit().table["age"].str.fullmatch(r"\d{1,3}\.\d{4}").all()


def test_genders_are_zero_or_one(submit):
    assert set(submit().table["gender"]) <= {0, 1}


def test_predictions_go_to_their_ids_whatever_the_order_of_rows(submit, faces):
    table = faces.predictions("unlabelled")
    mixed = table.sample(frac=1, random_state=0)
    assert submit(unlabelled=mixed).table.equals(submit(unlabelled=table).table)


def test_ages_are_cut_to_one_hundred_and_it_is_said(submit, faces, caplog):
    old = [np.eye(121, dtype="float32")[120]] * 80
    table = faces.predictions("unlabelled").assign(posterior=old)
    found = submit(unlabelled=table)
    assert set(found.table["age"]) == {"100.0000"}
    assert found.summary()["n_out_of_range"] == 40
    assert "40 of 40 estimated ages lie outside of 0 to 100 years" in caplog.text


def test_ages_that_are_allowed_are_not_counted_as_cut(submit, faces, caplog):
    old = [np.eye(121, dtype="float32")[100]] * 80
    table = faces.predictions("unlabelled").assign(posterior=old)
    assert submit(unlabelled=table).n_out_of_range == 0
    assert "outside" not in caplog.text


def test_a_rejected_id_gets_the_trivial_predictors_values_in_its_place(submit, caplog):
    found = submit(rejected=rejected((610.5, "broken", "unlabelled")))
    assert found.table.iloc[11].to_list() == ["broken", "33.2500", 1]
    assert found.n_fallback == 1


def test_a_rejected_id_is_said_aloud(submit, caplog):
    submit(rejected=rejected((700, "broken", "unlabelled")))
    assert "1 of 41 images could not be used" in caplog.text


def test_a_rejected_row_of_the_labelled_table_is_not_asked_for(submit):
    assert len(submit(rejected=rejected((3, "broken", None))).table) == 40


def test_an_id_that_is_asked_for_twice_is_answered_once(submit):
    again = [(650, "q00003", "unlabelled"), (651, "new", "unlabelled"), (652, "new", "unlabelled")]
    found = submit(rejected=rejected(*again))
    assert found.table["id"].is_unique
    assert len(found.table) == 41
    assert found.n_fallback == 1


def test_an_asked_id_that_is_also_a_labelled_image_gets_the_fallback(submit):
    found = submit(rejected=rejected((660, "00001", "unlabelled")))
    assert found.table.iloc[-1].to_list() == ["00001", "33.2500", 1]


def test_a_row_without_id_can_not_be_answered(submit):
    assert len(submit(rejected=rejected((660, None, "unlabelled"))).table) == 40


def test_all_images_broken_still_gives_every_row(submit, faces):
    labelled = faces.index[faces.index["official_part"].isna()]
    found = submit(
        index=labelled,
        rejected=rejected((600, "x", "unlabelled"), (601, "y", "unlabelled")),
        unlabelled=faces.predictions("unlabelled").iloc[:0],
    )
    assert found.table.to_numpy().tolist() == [["x", "33.2500", 1], ["y", "33.2500", 1]]
    assert found.summary() == {"part": "unlabelled", "views": [], "n": 2, "n_fallback": 2} | {
        "n_out_of_range": 0,
        "n_unfamiliar": None,
    }


def test_unfamiliar_faces_are_counted_and_lost_images_are_none(submit, faces):
    decision = replace(BOTH, familiarity_limit=0.6)
    table = faces.familiarity()
    found = submit(
        decision=decision,
        familiarity=table,
        rejected=rejected((660, "lost", "unlabelled")),
    )
    asked = table[table["id"].str.startswith("q")]
    assert found.n_unfamiliar == (asked["familiarity"] < 0.6).sum() > 0


def test_without_unlabelled_table_the_test_part_is_predicted(submit, faces):
    labelled = faces.index[faces.index["official_part"].isna()]
    found = submit(index=labelled, unlabelled=faces.predictions("unlabelled").iloc[:0])
    assert found.table["id"].to_list() == [f"{row:05d}" for row in range(450, 600)]
    assert found.part == "test"


def test_a_task_that_is_not_trained_has_no_column(submit, faces):
    table = faces.predictions("unlabelled", gender=False)
    found = submit(unlabelled=table, decision=AGE_ONLY)
    assert found.table.columns.to_list() == found.schema.names == ["id", "age"]
    table = faces.predictions("unlabelled", age=False)
    assert submit(unlabelled=table, decision=GENDER_ONLY).n_out_of_range == 0


def test_an_accepted_image_without_prediction_is_an_error(submit, faces):
    table = faces.predictions("unlabelled")
    with pytest.raises(SubmissionError, match="lacks 1 of the images.*'q00005'"):
        submit(unlabelled=table[table["id"] != "q00005"])
