"""Ensembles of drawn members: held against the members themselves and against plain arithmetic."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from visage.ensemble.asked import AskedError
from visage.ensemble.choosing import best, choosing_part, scores
from visage.ensemble.making import make_ensemble
from visage.ensemble.member import Member
from visage.ensemble.page import ensemble_page
from visage.ensemble.same_data import OtherDataError, refuse_twins
from visage.ensemble.writing import FolderError, page_of, write_ensemble
from visage.files.hashes import sha256_file
from visage.metrics.results import results
from visage.metrics.traits import traits
from visage.posterior.judged import judge
from visage.posterior.submission import make_submission

MakeMember = Callable[..., Member]


def evaluated(member: Member) -> Any:
    told = judge(member.tables["test"], member.decision, seed=17)
    known = traits(told.labels.id, index=member.index, quality=member.quality)
    return results(**vars(told), traits=known, **member.params["evaluate"])


def shuffled(member: Member) -> Member:
    tables = {
        part: table.sample(frac=1, random_state=3, ignore_index=True)
        for part, table in member.tables.items()
    }
    return replace(member, tables=tables)


def test_two_equal_members_give_the_member_s_figures(member: MakeMember) -> None:
    one = member("one")
    made = make_ensemble([one, shuffled(member("two"))], [1, 3])
    expected = evaluated(one)
    assert made.decision == one.decision
    assert made.results.figures == expected.figures
    assert made.results.details == expected.details
    assert all((of.low, of.value, of.high) == (0, 0, 0) for of in made.differences.values())
    submission = make_submission(
        index=one.index,
        rejected=one.rejected,
        unlabelled=one.tables["unlabelled"],
        test=one.tables["test"],
        decision=one.decision,
    )
    pd.testing.assert_frame_equal(made.submission.table, submission.table)


def test_an_ensemble_is_sliced_by_what_is_known_of_images_like_a_model(
    member: MakeMember,
) -> None:
    one = member("one")
    made = make_ensemble([one, member("two", seed=2)], [1, 1])
    factors = {row["factor"]: row["slices"] for row in made.results.details["factors"]}
    assert {"source", "side", "sharpness", "brightness"} <= set(factors)
    test = one.index[one.index["id"].isin(one.tables["test"]["id"])]
    sizes = {row["value"]: row["n"] for row in factors["source"]}
    assert sizes == test["source"].value_counts().to_dict()


def test_no_face_is_unfamiliar_whatever_the_members_say(member: MakeMember) -> None:
    known = member("one").params
    params = {**known, "calibrate": {**known["calibrate"], "unfamiliar": 0.02}}
    limits = {"familiarity_limit": 0.5, "unfamiliar_share": 0.02}
    members = [
        member(name, params=params, decision=replace(member(name).decision, **limits))
        for name in ("one", "two")
    ]
    made = make_ensemble(members, [1, 1])
    assert made.decision.familiarity_limit is None
    assert "unfamiliar" not in made.results.details
    assert made.submission.n_unfamiliar is None
    assert "No face is called unfamiliar" in ensemble_page(made, name="x", command="y")


def test_ages_are_the_mean_of_the_members_ages(member: MakeMember) -> None:
    members = [member("one"), member("two", seed=2)]
    made = make_ensemble(members, [3, 1])
    ages = [make_ensemble([m, m], [1, 1]).results.age_scatter["predicted"] for m in members]
    expected = 0.75 * ages[0] + 0.25 * ages[1]
    assert np.abs(made.results.age_scatter["predicted"] - expected).max() < 0.02  # two decimals


def test_members_with_errors_of_their_own_gain(member: MakeMember) -> None:
    made = make_ensemble([member(str(seed), seed=seed) for seed in (1, 2, 3)], [1, 1, 1])
    gain = made.differences["mae"]
    assert gain.high < 0
    assert gain.b == pytest.approx(made.results.figures["mae"], abs=1e-4)
    assert gain.a == pytest.approx(evaluated(made.best).figures["mae"], abs=1e-4)


def test_the_best_member_is_chosen_without_the_test_part(member: MakeMember) -> None:
    good, bad = member("good", error=4), member("bad", seed=2, error=14)
    switched = replace(bad, tables={**bad.tables, "test": good.tables["test"]})
    worse = replace(good, tables={**good.tables, "test": bad.tables["test"]})
    made = make_ensemble([switched, worse], [1, 1])
    assert made.chosen_on == "validation"
    assert made.best.name == "good"
    assert made.measured[0]["mae"] < made.measured[1]["mae"]


def test_where_validation_is_judged_on_calibration_chooses(member: MakeMember) -> None:
    tables = member("one").tables
    assert choosing_part(tables, judged_on="validation") == "calibration"
    empty = {**tables, "validation": tables["validation"].head(0)}
    assert choosing_part(empty, judged_on="test") == "calibration"


def test_one_task_is_ranked_by_its_own_figure() -> None:
    assert best([{"rmse": 9.0, "mae": 5.0}, {"rmse": 8.0, "mae": 6.0}]) == 1
    assert best([{"gender_f1": 0.9}, {"gender_f1": 0.9}]) == 0


def test_an_empty_part_has_no_scores(member: MakeMember) -> None:
    one = member("one")
    assert scores(one.tables["test"].head(0), one.decision) == {}


def test_without_a_test_part_the_submission_is_made_all_the_same(member: MakeMember) -> None:
    members = [member(name, seed=seed) for name, seed in (("one", 1), ("two", 2))]
    refit = [replace(m, tables={**m.tables, "test": m.tables["test"].head(0)}) for m in members]
    made = make_ensemble(refit, [1, 1])
    assert made.results.figures == {"n": 0}
    assert len(made.submission.table) == 12
    assert "test part is empty" in page_of(made, name="refit")


def refusal(*members: Member) -> str:
    with pytest.raises(OtherDataError) as caught:
        make_ensemble(members, [1] * len(members))
    return str(caught.value)


def changed(member: Member, part: str, **columns: Any) -> Member:
    table = member.tables[part].assign(**columns)
    return replace(member, tables={**member.tables, part: table})


def test_another_split_is_refused_with_what_differs(member: MakeMember) -> None:
    one, two = member("one"), member("two", seed=2)
    tables = {**two.tables, "calibration": two.tables["test"], "test": two.tables["calibration"]}
    other = replace(two, tables=tables, params={**two.params, "split": {"seed": 14}})
    said = refusal(one, other)
    assert said.startswith("one and two can't be averaged: 140 images of the part calibration")
    assert "140 images of the part test" in said
    assert "split.seed: 13 → 14" in said


def test_other_labels_are_refused(member: MakeMember) -> None:
    said = refusal(member("one"), changed(member("two"), "validation", age=33.0))
    assert "images of the part validation have other labels" in said
    assert "parameters: all alike, so the data differ" in said


def test_other_groups_are_refused(member: MakeMember) -> None:
    said = refusal(member("one"), changed(member("two"), "test", group=7))
    assert "near-duplicates of the part test are grouped differently" in said


def test_other_views_are_refused(member: MakeMember) -> None:
    two = member("two")
    plain = {part: t[t["view"] == "identity"] for part, t in two.tables.items()}
    said = refusal(member("one"), replace(two, tables=plain))
    assert "they saw the views hflip, identity, and identity (infer.views)" in said


def test_another_age_grid_is_refused(member: MakeMember) -> None:
    short = [np.full(91, 1 / 91, np.float32)] * len(member("two").tables["calibration"])
    said = refusal(member("one"), changed(member("two"), "calibration", posterior=short))
    assert "their ages end at 100 and at 90 years (age_max)" in said


def test_a_folder_holds_what_the_stages_leave(member: MakeMember, tmp_path: Path) -> None:
    made = make_ensemble([member("one"), member("two", seed=2)], [2, 1])
    folder = tmp_path / "ensembles/both"
    write_ensemble(folder, made)
    card = json.loads((folder / "ensemble.json").read_text())
    assert card["command"] == f"visage ensemble {'1' * 40} {'2' * 40} --name both --weights 2,1"
    assert [m["weight"] for m in card["members"]] == pytest.approx([2 / 3, 1 / 3])
    assert set(card["sha256"]) == {
        *(f"predictions/{p}.parquet" for p in ("validation", "calibration", "test", "unlabelled")),
        *("decision.json", "evaluate.json", "details.json", "submission.csv", "submission.json"),
    }
    assert card["sha256"]["submission.csv"] == sha256_file(folder / "submission.csv")
    assert json.loads((folder / "evaluate.json").read_text()) == made.results.figures
    assert (folder / "ensemble.md").read_text() == page_of(made, name="both")
    assert [path.name for path in tmp_path.glob("ensembles/*")] == ["both"]


def test_the_same_members_give_the_same_bytes(member: MakeMember, tmp_path: Path) -> None:
    found = []
    for place in ("here", "there"):
        made = make_ensemble([member("one"), member("two", seed=2)], [1, 1])
        write_ensemble(tmp_path / place / "both", made)
        files = sorted(path for path in (tmp_path / place).rglob("*") if path.is_file())
        found.append([(path.name, sha256_file(path)) for path in files])
    assert len(found[0]) == 11
    assert found[0] == found[1]


def test_a_folder_that_is_no_ensemble_is_left_alone(member: MakeMember, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(FolderError, match="mine is there and is no ensemble; give another --name"):
        write_ensemble(tmp_path / "mine", make_ensemble([member("a"), member("b")], [1, 1]))


def test_the_page_names_the_best_member_and_its_part(member: MakeMember) -> None:
    made = make_ensemble([member("one", error=12), member("two", seed=2, error=5)], [1, 1])
    page = page_of(made, name="both")
    assert "The best member on the validation part is two." in page
    assert "On the validation part (40 images):" in page
    assert "On the test part (80 images):" in page
    assert f"    visage ensemble {'1' * 40} {'2' * 40} --name both\n" in page


def test_one_model_under_two_names_is_refused(member: MakeMember) -> None:
    one, two, again = member("one"), member("two", seed=2), member("again", seed=2)
    refuse_twins([one, two])
    with pytest.raises(AskedError, match="two and again are the same model, by its hash"):
        refuse_twins([one, two, again])
