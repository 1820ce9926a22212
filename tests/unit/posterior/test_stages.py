"""The three stages behind `infer`, on generated predictions, in a folder of their own."""

import json
import shutil
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from visage import schema
from visage.files import paths
from visage.files.hashes import sha256_file
from visage.files.jsons import write_json
from visage.files.tables import write_table

WRITTEN = [
    paths.DECISION,
    paths.EVALUATE_METRICS,
    paths.DETAILS,
    paths.AGE_BINS,
    paths.AGE_SCATTER,
    paths.GENDER_CONFUSION,
    paths.SUBMISSION,
    paths.SUBMISSION_JSON,
]
REJECTED_ROW = ["lost", 610, "kaggle", "lost.jpg", "image missing", "lost.jpg", "unlabelled"]


@pytest.fixture
def stages(faces, root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(root)
    shutil.copy(root / "params.yaml", "params.yaml")
    write_table(paths.INDEX, faces.index, schema.INDEX)
    write_table(paths.QUALITY, quality(faces.index["id"]), schema.QUALITY)
    write_table(paths.SPLITS, faces.splits, schema.SPLITS)
    rejected = pd.DataFrame([REJECTED_ROW], columns=schema.REJECTED.names)
    write_table(paths.REJECTED, rejected, schema.REJECTED)
    inputs = {"params": "p", "data": "d", "init": "i", "code": "c"}
    write_json(paths.FINGERPRINT, {"fingerprint": "f", "inputs": inputs})
    paths.MODEL.write_bytes(b"model")

    def run(**heads):
        for part in ("calibration", "test", "unlabelled"):
            file = paths.PREDICTIONS / f"{part}.parquet"
            write_table(file, faces.predictions(part, **heads), schema.PREDICTIONS)
        write_table(paths.FAMILIARITY, faces.familiarity(), schema.FAMILIARITY)
        again()

    def again():
        for name in ("calibrate", "evaluate", "predict"):
            import_module(f"stages.{name}").main()

    run.again = again
    return run


def quality(ids: pd.Series) -> pd.DataFrame:
    """Returns three brightnesses and one sharpness."""
    brightness = pd.Series(range(len(ids))) % 3 * 50.0
    return pd.DataFrame({"id": ids.to_numpy(), "brightness": brightness, "sharpness": 9.0})


def read(path: Path):
    return json.loads(path.read_text())


def test_the_decision_says_for_which_weights_it_is(stages):
    stages()
    decision = json.loads(paths.DECISION.read_text(encoding="utf-8"))
    assert decision["model_sha256"] == sha256_file(paths.MODEL)


def test_the_model_beats_the_trivial_predictor(stages):
    stages()
    assert (
        read(paths.EVALUATE_METRICS)["harmonic"] > 2 * read(paths.DETAILS)["baseline"]["harmonic"]
    )


def test_two_views_beat_one(stages):
    stages()
    assert read(paths.EVALUATE_METRICS)["mae"] < read(paths.DETAILS)["without_tta"]["mae"]


def test_slices_are_by_the_images_quality_too(stages):
    stages()
    details = read(paths.DETAILS)
    factors = {one["factor"]: one["slices"] for one in details["factors"]}
    assert [row["low"] for row in factors["brightness"]] == [None, 33.3, 66.7]
    assert "sharpness" not in factors
    assert "brightness" in {gap["factor"] for gap in details["gaps"]}


def test_equal_state_gives_equal_bytes(stages):
    stages()
    first = [path.read_bytes() for path in WRITTEN]
    stages.again()
    assert [path.read_bytes() for path in WRITTEN] == first


def test_the_submission_has_a_row_for_a_lost_image(stages, caplog):
    stages()
    lines = paths.SUBMISSION.read_text().splitlines()
    assert lines[0] == "id,age,gender"
    assert len(lines) == 42
    assert read(paths.SUBMISSION_JSON)["n_fallback"] == 1


def test_faces_below_the_limit_are_counted_and_their_answers_stay(stages):
    stages()
    told, limit = read(paths.DETAILS)["unfamiliar"], read(paths.DECISION)["familiarity_limit"]
    scores = pd.read_parquet(paths.FAMILIARITY).set_index("id")["familiarity"].astype(float)
    tested = scores[[f"{row:05d}" for row in range(450, 600)]]
    assert (told["n"], told["n_unfamiliar"]) == (150, (tested < limit).sum())
    asked = scores[[f"q{row:05d}" for row in range(40)]]
    assert read(paths.SUBMISSION_JSON)["n_unfamiliar"] == (asked < limit).sum()
    with_limit = paths.SUBMISSION.read_bytes()
    params = Path("params.yaml")
    params.write_text(params.read_text().replace("unfamiliar: 0.02", "unfamiliar: null"))
    stages.again()
    assert paths.SUBMISSION.read_bytes() == with_limit
    assert read(paths.SUBMISSION_JSON)["n_unfamiliar"] is None
    assert "unfamiliar" not in read(paths.DETAILS)


def test_the_submission_says_from_what_it_was_made(stages):
    stages()
    found = read(paths.SUBMISSION_JSON)
    assert found["sha256"] == sha256_file(paths.SUBMISSION)
    assert found["model_sha256"] == sha256_file(paths.MODEL)
    assert found["decision_sha256"] == sha256_file(paths.DECISION)
    trained = [found[name] for name in ("fingerprint", "params_sha256", "data_sha256")]
    assert trained == ["f", "p", "d"]


@pytest.mark.parametrize(("task", "other"), [("age", "gender"), ("gender", "age")])
def test_one_task_runs_through(stages, task, other):
    stages(**{other: False})
    assert paths.SUBMISSION.read_text().splitlines()[0] == f"id,{task}"
    assert "harmonic" not in read(paths.EVALUATE_METRICS)
    assert all(path.exists() for path in WRITTEN)
