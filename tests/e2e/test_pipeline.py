"""The real commands on small data with a tiny model, as a user types them."""

import csv
import json
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pandas as pd
from ruamel.yaml import YAML

Run = Callable[..., CompletedProcess[str]]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_stage_ran(finished: Path) -> None:
    stages = YAML(typ="safe").load(finished / "dvc.yaml")["stages"]
    lock = YAML(typ="safe").load(finished / "dvc.lock")["stages"]
    assert len(stages) == 13
    assert lock.keys() == stages.keys()


def test_a_second_repro_runs_nothing_and_leaves_git_clean(
    finished: Path, run_finished: Run
) -> None:
    started = time.monotonic()
    done = run_finished("dvc", "repro")
    seconds = time.monotonic() - started
    assert "Data and pipelines are up to date." in done.stdout
    assert "Running stage" not in done.stdout
    assert seconds < 30  # far above what it takes, so that a busy machine does not matter
    assert run_finished("git", "status", "--porcelain").stdout == ""


def test_the_submission_answers_the_test_table_in_its_order(finished: Path) -> None:
    asked = table(finished / "data/demo/test.csv")
    answers = table(finished / "data/predictions/submission.csv")
    assert [row["id"] for row in answers] == [row["id"] for row in asked]
    assert all(0 <= float(row["age"]) <= 100 for row in answers)
    assert {row["gender"] for row in answers} <= {"0", "1"}
    facts = json.loads((finished / "data/predictions/submission.json").read_text())
    assert (facts["n"], facts["n_fallback"], facts["part"]) == (12, 0, "unlabelled")


def test_every_image_outside_training_has_a_familiarity(finished: Path) -> None:
    scores = pd.read_parquet(finished / "data/predictions/familiarity.parquet")
    parts = table(finished / "data/splits.csv")
    asked = {row["id"] for row in table(finished / "data/demo/test.csv")}
    assert set(scores["id"]) == asked | {row["id"] for row in parts if row["part"] != "train"}
    assert scores["id"].is_unique
    assert scores["familiarity"].between(-1, 1.001).all()
    decision = json.loads((finished / "models/decision.json").read_text())
    assert decision["familiarity_limit"] in set(scores["familiarity"].astype(float))


def test_the_figures_are_all_there(finished: Path) -> None:
    figures = json.loads((finished / "metrics/evaluate.json").read_text())
    of_age = {"rmse", "mae", "r2", "within_3", "within_5", "within_10"}
    of_gender = {"gender_accuracy", "gender_f1"}
    assert set(figures) == of_age | of_gender | {"harmonic", "n"}


def test_speed_is_written_beside_the_outputs(finished: Path, run_finished: Run) -> None:
    speed = json.loads((finished / "metrics/train.json").read_text())
    identity = json.loads((finished / "models/fingerprint.json").read_text())
    assert speed["images_per_second"] > 0
    assert speed["peak_memory_mb"] > 0
    assert speed["fingerprint"] == identity["fingerprint"]
    assert run_finished("git", "check-ignore", "metrics/train.json").returncode == 0
