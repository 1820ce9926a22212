"""`visage predict` with a model of the real pipeline, on its own images."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pandas as pd
import pytest

from visage.files.tables import read_table
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate
from visage.posterior.views import average_views
from visage.schema import INDEX, PREDICTIONS

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def predicted(
    finished: Path, run_finished: Run, tmp_path_factory: pytest.TempPathFactory
) -> pd.DataFrame:
    """Returns what is said of the test part's files, by id."""
    output = tmp_path_factory.mktemp("predicted") / "faces.csv"
    index = read_table(finished / "data/index.parquet", INDEX).set_index("id")
    known = read_table(finished / "data/predictions/test.parquet", PREDICTIONS)
    names = [f"data/demo/{index['source_path'][name]}" for name in known["id"].unique()]
    words = ("visage", "predict", *names, "--crop", "none", "-o", str(output))
    done = run_finished(*words)
    assert (done.returncode, done.stderr) == (0, "")
    return pd.read_csv(output).assign(id=known["id"].unique())


def test_it_says_of_a_file_what_the_pipeline_says(finished: Path, predicted: pd.DataFrame) -> None:
    """But for the store between: `ingest` keeps a JPEG at its own size."""
    known = average_views(read_table(finished / "data/predictions/test.parquet", PREDICTIONS))
    decision = Decision.from_json(json.loads((finished / "models/decision.json").read_text()))
    said = estimate(known.posterior, known.male_probability, decision=decision)
    assert list(predicted["id"]) == list(known.labels.id)
    assert (predicted["age"] - said.age).abs().mean() < 0.5
    assert (predicted["gender"] == said.gender).mean() > 0.95


def test_it_calls_unfamiliar_what_the_pipeline_does(
    finished: Path, predicted: pd.DataFrame
) -> None:
    """But for faces at the limit, which the store between may shift over it."""
    details = json.loads((finished / "metrics/details.json").read_text())["unfamiliar"]
    assert predicted["unfamiliar"].notna().all()
    assert details["n"] == len(predicted)
    assert abs(predicted["unfamiliar"].sum() - details["n_unfamiliar"]) <= 2


def test_every_face_lies_in_its_interval(predicted: pd.DataFrame) -> None:
    assert predicted["error"].isna().all()
    assert (predicted["age_low"] <= predicted["age"]).all()
    assert (predicted["age"] <= predicted["age_high"]).all()


def test_the_demos_margin_is_not_known_and_finding_is_refused(run_finished: Run) -> None:
    done = run_finished("visage", "predict", "data/demo")
    assert done.returncode == 1
    assert "the model does not know how closely its training faces were cut out" in done.stderr


def test_the_specification_says_how_the_faces_are_cut_out(finished: Path) -> None:
    card = json.loads((finished / "models/model.json").read_text())
    assert {name: card[name] for name in ("aligned", "margin", "resize")} == {
        "aligned": False,
        "margin": None,
        "resize": "letterbox",
    }
