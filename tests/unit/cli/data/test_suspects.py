import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from visage.cli.main import app
from visage.files.faces import write_faces
from visage.files.jpeg import encode
from visage.files.jsons import write_json
from visage.files.tables import read_table, write_table
from visage.schema import INDEX, PREDICTIONS

DECISION = {
    "tasks": ["age", "gender"],
    "n": 10,
    "gender_threshold": 0.5,
    "gender_temperature": 1.0,
    "age_intervals": {
        "edges_years": [],
        "levels": [{"coverage": 0.9, "margins_years": [8.0], "half_width_years": 8.0}],
        "shown": 0,
    },
    "baseline": {"age_years": 40.0, "gender": 0},
    "part": "calibration",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten labelled faces, six of them outside training; one of these has a wrong age."""
    monkeypatch.chdir(tmp_path)
    ids = [f"face {row}" for row in range(10)]
    index = pd.DataFrame({"id": ids, "source_path": ids, "row": range(10), "group": range(10)})
    index = index.assign(age=30.0, age_low=30.0, age_high=30.0, gender=0, source="test")
    index.loc[4, ["age", "age_low", "age_high"]] = 90.0
    write_table(tmp_path / "data/index.parquet", index.reindex(columns=INDEX.names), INDEX)
    image = encode(np.full((32, 32, 3), 120, np.uint8), jpeg_quality=90)
    write_faces(tmp_path / "data/faces", [(id_, image) for id_ in ids], shard_rows=99)
    write_json(tmp_path / "models/decision.json", DECISION)
    for part, rows in {"validation": (4, 6), "calibration": (6, 8), "test": (8, 10)}.items():
        table = pd.DataFrame(
            {"id": ids[slice(*rows)], "view": "identity", "gender_probability": 0.1}
        )
        table = table.assign(posterior=[np.eye(101)[31].tolist()] * len(table))
        path = tmp_path / f"data/predictions/{part}.parquet"
        write_table(path, table.reindex(columns=PREDICTIONS.names), PREDICTIONS)
    return tmp_path


@pytest.fixture
def suspects(project: Path) -> Callable[..., Result]:
    return lambda *words: CliRunner().invoke(app, ["data", "suspects", *map(str, words)])


def test_the_wrong_label_comes_first(suspects: Callable[..., Result], project: Path) -> None:
    result = suspects("--csv", "suspects.csv", "--top", "3")
    assert result.exit_code == 0, result.output
    table = pd.read_csv(project / "suspects.csv")
    assert table["id"].tolist()[0] == "face 4"
    assert len(table) == 6
    page = (project / "suspects.html").read_text(encoding="utf-8")
    assert page.count("<img") == 3


def test_the_share_that_is_covered_is_told(suspects: Callable[..., Result]) -> None:
    result = suspects()
    assert "6 of 10 labelled images (60.0 %) were looked at" in result.output
    assert "--experiment" in result.output


def relabel(project: Path, **columns: object) -> None:
    """Changes the labels of the index, as a correction of the data set would."""
    path = project / "data/index.parquet"
    write_table(path, read_table(path, INDEX).assign(**columns), INDEX)


def with_labels(project: Path) -> None:
    """Gives the predictions the labels of the index, as `infer` does."""
    genders = read_table(project / "data/index.parquet", INDEX).set_index("id")["gender"]
    for part in ("validation", "calibration", "test"):
        path = project / f"data/predictions/{part}.parquet"
        table = read_table(path, PREDICTIONS)
        write_table(path, table.assign(gender=table["id"].map(genders)), PREDICTIONS)


def test_images_with_another_label_than_predicted_are_told(
    suspects: Callable[..., Result], project: Path
) -> None:
    with_labels(project)
    relabel(project, gender=[0] * 9 + [1])
    result = suspects()
    assert result.exit_code == 0, result.output
    assert "WARNING: workspace: 1 of 6 images had another label" in result.output
    assert "1 of 6 images had another label" in (project / "suspects.html").read_text("utf-8")


def test_predictions_of_another_data_set_are_refused(
    suspects: Callable[..., Result], project: Path
) -> None:
    with_labels(project)
    relabel(project, gender=1)
    result = suspects()
    assert result.exit_code == 1
    assert "ERROR: workspace: of its 6 predicted images 6 are among" in result.output
    assert not (project / "suspects.html").exists()


def test_a_list_under_another_suffix_is_refused_before_the_work(
    suspects: Callable[..., Result], project: Path
) -> None:
    result = suspects("--csv", "suspects.txt")
    assert result.exit_code == 1
    assert "suspects.txt: the table is written as .csv or .parquet" in result.output
    assert not (project / "suspects.html").exists()


def test_an_unfinished_project_ends_with_1(suspects: Callable[..., Result], project: Path) -> None:
    (project / "data/predictions/test.parquet").unlink()
    result = suspects()
    assert result.exit_code == 1
    assert "test.parquet is missing; run `dvc repro`" in result.output


def commit(project: Path) -> None:
    for words in (["git", "init", "-q"], ["dvc", "init", "-q"], ["git", "add", "-A"]):
        subprocess.run(words, cwd=project, check=True)
    author = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", *author, "commit", "-qm", "all"], cwd=project, check=True)


@pytest.mark.filterwarnings("default")  # of DVC's own libraries
def test_an_experiment_is_read_without_touching_the_workspace(
    suspects: Callable[..., Result], project: Path
) -> None:
    commit(project)
    (project / "data/predictions/test.parquet").unlink()
    result = suspects("--experiment", "HEAD")
    assert result.exit_code == 0, result.output
    assert "6 of 10 labelled images" in result.output
    assert not (project / "data/predictions/test.parquet").exists()


@pytest.mark.filterwarnings("default")  # of DVC's own libraries
def test_an_unknown_experiment_ends_with_1(suspects: Callable[..., Result], project: Path) -> None:
    commit(project)
    result = suspects("--experiment", "no-such")
    assert result.exit_code == 1
    assert "no-such" in result.output
    assert "dvc exp pull origin no-such" in result.output
