"""Sides are read from a small repository whose outputs are in Git, which DVC reads alike."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from visage.files import paths
from visage.files.jsons import write_json
from visage.files.paths import DECISION, SPLITS
from visage.files.tables import write_table
from visage.metrics.contrast import Settings
from visage.schema import INDEX, QUALITY
from visage.schema import PREDICTIONS as PREDICTIONS_SCHEMA
from visage.schema import SPLITS as SPLITS_SCHEMA
from visage.sweep.contrast_page import contrast_page
from visage.sweep.contrasts import SidesError, compare_sides
from visage.sweep.experiment_files import ExperimentError
from visage.sweep.judged import NoTestPartError
from visage.sweep.references import TEST, UnknownReferenceError, find
from visage.sweep.same_test import OtherTestPartError

SETTINGS = Settings(resamples=100, level=0.95, seed=1, age_bin_years=50, min_slice=5, top=2)
DECISION_JSON: dict[str, Any] = {
    "tasks": ["age", "gender"],
    "n": 9,
    "gender_threshold": 0.5,
    "gender_temperature": 1.0,
    "age_spread_years": 1.0,
    "age_intervals": {
        "edges_years": [],
        "levels": [{"coverage": 0.9, "margins_years": [5.0], "half_width_years": 5.0}],
        "shown": 0,
    },
    "baseline": {"age_years": 30.0, "gender": 0},
    "part": "calibration",
}
N = 24


def predictions(*, off: int = 0, n: int = N, shuffle: int = 0, age: int = 40) -> pd.DataFrame:
    """Returns point masses `off` years too old, in some order of the images."""
    rows = np.random.default_rng(shuffle).permutation(n)
    table = pd.DataFrame(
        {
            "id": [f"f{row:02d}" for row in rows],
            "view": "identity",
            "age": [float(age + row) for row in rows],
            "gender": rows % 2,
            "group": rows,
            "posterior": [np.eye(101, dtype=np.float32)[40 + row + off] for row in rows],
            "gender_probability": np.where(rows % 2, 0.9, 0.1),
        }
    )
    return table.astype({"posterior": object})


def state(
    folder: Path,
    table: pd.DataFrame,
    *,
    threshold: float = 0.5,
    weights: str | None = None,
    **params: Any,
) -> None:
    """Writes the files that a comparison reads; `weights`: the md5 of a model in dvc.lock."""
    if weights is not None:
        out = {"path": "models/model.safetensors", "md5": weights}
        lock = {"schema": "2.0", "stages": {"train": {"cmd": "x", "outs": [out]}}}
        (folder / "dvc.lock").write_text(json.dumps(lock), encoding="utf-8")
    write_table(folder / TEST, table, PREDICTIONS_SCHEMA)
    write_json(folder / DECISION, {**DECISION_JSON, "gender_threshold": threshold})
    ids = [f"f{row:02d}" for row in range(N)]
    parts = ["test" if id_ in set(table["id"]) else "train" for id_ in ids]
    write_table(folder / SPLITS, pd.DataFrame({"id": ids, "part": parts}), SPLITS_SCHEMA)
    (folder / "params.yaml").write_text(json.dumps({"seed": 1, **params}), encoding="utf-8")


@pytest.fixture
def commit(tmp_path: Path, commit_written: Callable[..., str]) -> Callable[..., str]:
    """Returns a function that commits a state, and names it as an experiment of the first one."""

    def make(name: str | None, table: pd.DataFrame, **options: Any) -> str:
        return commit_written(name, lambda: state(tmp_path, table, **options))

    return make


Commit = Callable[..., str]


def test_slices_are_by_what_is_known_of_the_images(commit: Commit, tmp_path: Path) -> None:
    ids = [f"f{row:02d}" for row in range(N)]
    index = pd.DataFrame({"id": ids, "race": ["x", "y"] * (N // 2)})
    quality = pd.DataFrame({"id": ids, "brightness": 100.0, "sharpness": np.arange(float(N))})
    write_table(tmp_path / paths.INDEX, index.reindex(columns=INDEX.names), INDEX)
    write_table(tmp_path / paths.QUALITY, quality, QUALITY)
    commit(None, predictions())
    commit("other", predictions(off=1, shuffle=5))
    (found,) = compare_sides(["HEAD", "other"], tmp_path, settings=SETTINGS)
    by_race = [row.slice for row in found.contrast.slices if row.slice.factor == "race"]
    assert {one.value: one.members.tolist() for one in by_race}["x"] == [True, False] * (N // 2)
    assert "sharpness" in {row.slice.factor for row in found.contrast.slices}


def test_a_state_without_these_files_is_sliced_by_labels(commit: Commit, tmp_path: Path) -> None:
    commit(None, predictions())
    commit("other", predictions(off=1))
    (found,) = compare_sides(["HEAD", "other"], tmp_path, settings=SETTINGS)
    assert {row.slice.factor for row in found.contrast.slices} == {"age", "gender_age", "gender"}


def test_images_are_paired_by_id_whatever_their_order(commit: Commit, tmp_path: Path) -> None:
    first = commit(None, predictions(off=1))
    commit("other", predictions(off=3, shuffle=5), seed=2)
    (found,) = compare_sides(["HEAD", "other"], tmp_path, settings=SETTINGS)
    mae = found.contrast.figures["mae"]
    assert (mae.a, mae.b, mae.low, mae.high) == pytest.approx((1, 3, 2, 2), abs=1e-6)
    assert found.a[0].reference.commit == first


def test_each_side_decides_genders_by_its_own_threshold(commit: Commit, tmp_path: Path) -> None:
    commit(None, predictions())
    commit("strict", predictions(), threshold=0.95)
    (found,) = compare_sides(["HEAD", "strict"], tmp_path, settings=SETTINGS)
    f1 = found.contrast.figures["gender_f1"]
    assert f1.a == 1
    assert f1.b == pytest.approx(1 / 3)  # all are called women


def test_seeds_with_commas_make_one_side(commit: Commit, tmp_path: Path) -> None:
    commit(None, predictions(off=1))
    commit("x", predictions(off=2), seed=2)
    commit("y", predictions(off=4), seed=3)
    (found,) = compare_sides(["HEAD", "x,y"], tmp_path, settings=SETTINGS)
    assert found.contrast.figures["mae"].b == pytest.approx(3, abs=1e-6)


def test_each_further_side_is_compared_with_the_first(commit: Commit, tmp_path: Path) -> None:
    commit(None, predictions(off=1))
    commit("x", predictions(off=2))
    commit("y", predictions(off=4))
    found = compare_sides(["HEAD", "x", "y"], tmp_path, settings=SETTINGS)
    values = [pair.contrast.figures["mae"].value for pair in found]
    assert values == pytest.approx([1, 3], abs=1e-6)


def refusal(tmp_path: Path, *sides: str, of: type[Exception]) -> str:
    with pytest.raises(of) as caught:
        compare_sides(sides, tmp_path, settings=SETTINGS)
    return str(caught.value)


def test_other_images_are_refused_with_what_they_are_to_the_other(
    commit: Commit, tmp_path: Path
) -> None:
    commit(None, predictions(), split={"seed": 13})
    commit("fewer", predictions(n=20), split={"seed": 14})
    said = refusal(tmp_path, "HEAD", "fewer", of=OtherTestPartError)
    assert "HEAD and fewer were not judged on the same test part" in said
    assert "4 of 24 images are tested only by HEAD (to fewer they are: 4 train)" in said
    assert "split.seed: 13 → 14" in said
    assert "tested only by fewer" not in said


def test_other_labels_are_refused(commit: Commit, tmp_path: Path) -> None:
    commit(None, predictions())
    commit("relabelled", predictions(age=41))
    said = refusal(tmp_path, "HEAD", "relabelled", of=OtherTestPartError)
    assert "24 images have other labels; ids and labels hash to " in said
    assert "parameters: all alike, so the data differ" in said


def test_a_state_without_a_test_part_is_refused(commit: Commit, tmp_path: Path) -> None:
    commit(None, predictions())
    commit("refit", predictions(n=0))
    said = refusal(tmp_path, "HEAD", "refit", of=NoTestPartError)
    assert said.startswith("refit: has no test part (split.fractions.test is 0)")


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        (["HEAD"], "one side can't be compared; give two"),
        (["HEAD,", "x"], "'HEAD,': has an empty name"),
        (["HEAD", "x,x"], "x and x: a side holds a training twice"),
        (["x", "HEAD,main"], "HEAD and main: a side holds a training twice"),
        (["main", "HEAD,x"], "HEAD and x: a side holds a training twice"),
    ],
)
def test_sides_that_are_none_are_refused(
    commit: Commit, tmp_path: Path, sides: list[str], said: str
) -> None:
    commit(None, predictions())
    commit("x", predictions())
    assert said in refusal(tmp_path, *sides, of=SidesError)


def test_few_labels_are_compared_without_a_verdict(commit: Commit, tmp_path: Path) -> None:
    first, other = predictions(), predictions(off=1)
    for table in (first, other):
        table.loc[table["id"] > "f00", "age"] = None
    commit(None, first)
    commit("x", other)
    (found,) = compare_sides(["HEAD", "x"], tmp_path, settings=SETTINGS)
    (row,) = [
        line for line in contrast_page(found, settings=SETTINGS).splitlines() if "MAE" in line
    ][:1]
    assert row.rstrip("| ").endswith("too few labels to tell")


def test_the_same_weights_under_other_parameters_are_one_training(
    commit: Commit, tmp_path: Path
) -> None:
    commit(None, predictions(), weights="a")
    commit("x", predictions(), weights="b", evaluate={"part": "validation"})
    commit("y", predictions(), weights="b")
    said = refusal(tmp_path, "HEAD", "x,y", of=SidesError)
    assert said.startswith("x and y: a side holds a training twice (the same weights, or")


def test_the_same_parameters_with_other_weights_are_said(commit: Commit, tmp_path: Path) -> None:
    commit(None, predictions(), weights="a")
    commit("x", predictions(off=1), weights="b")
    commit("y", predictions(off=2), weights="c")
    (found,) = compare_sides(["HEAD", "x,y"], tmp_path, settings=SETTINGS)
    assert "Some of them have one seed" in contrast_page(found, settings=SETTINGS)


def test_a_training_on_both_sides_is_said(commit: Commit, tmp_path: Path) -> None:
    commit(None, predictions(), weights="a")
    commit("x", predictions(), weights="a")
    (found,) = compare_sides(["HEAD", "x"], tmp_path, settings=SETTINGS)
    page = contrast_page(found, settings=SETTINGS)
    assert "HEAD of A and x of B are the same training, by the hash of its weights." in page


def test_an_unknown_name_is_refused_with_those_that_there_are(
    commit: Commit, tmp_path: Path
) -> None:
    commit(None, predictions())
    commit("x", predictions())
    said = refusal(tmp_path, "HEAD", "z", of=UnknownReferenceError)
    assert "z: there is no such experiment, revision or MLflow run id" in said
    assert "experiments from HEAD: x; get another clone's with `dvc exp pull origin z`" in said


def test_an_experiment_of_an_older_commit_is_found(commit: Commit, tmp_path: Path) -> None:
    commit(None, predictions())
    made = commit("old", predictions(off=2))
    commit(None, predictions(off=1))
    assert find("old", tmp_path).commit == made


def test_a_name_of_several_experiments_is_refused_with_their_commits(
    commit: Commit, tmp_path: Path
) -> None:
    commit(None, predictions())
    made = [commit("twin", predictions(off=2))]
    commit(None, predictions(off=1))
    made += [commit("twin", predictions(off=3))]
    commit(None, predictions(off=2))
    said = refusal(tmp_path, "HEAD", "twin", of=UnknownReferenceError)
    assert all(commit[:10] in said for commit in made)


def test_an_output_that_is_not_at_hand_is_refused_with_the_remedy(
    commit: Commit, tmp_path: Path
) -> None:
    commit(None, predictions())
    (tmp_path / DECISION).unlink()
    (tmp_path / ".gitignore").write_text("/models/\n", encoding="utf-8")
    subprocess.run(["git", "-C", str(tmp_path), "rm", "-q", "--cached", str(DECISION)], check=True)
    commit(None, predictions(off=1))
    said = refusal(tmp_path, "HEAD~", "HEAD", of=ExperimentError)
    assert said.startswith("HEAD: ")
    assert "outputs with `dvc pull`" in said
