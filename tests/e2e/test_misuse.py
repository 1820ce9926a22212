"""What a user does wrong ends in one message with its remedy, in the stages that are quick."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import cv2
import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from visage import schema
from visage.files import paths
from visage.files.tables import write_table

RunStage = Callable[[str], CompletedProcess[str]]
Params = dict[str, Any]
N_LABELLED, N_UNLABELLED = 12, 2


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """Returns a project with the real params.yaml and a few faces where it expects them."""
    params = read_yaml(root / "params.yaml")
    kaggle, folder = params["data"]["kaggle"], tmp_path / params["data"]["root"]
    folder.mkdir(parents=True)
    rng, columns = np.random.default_rng(5), kaggle["columns"]
    for row in range(N_LABELLED + N_UNLABELLED):
        cv2.imwrite(str(folder / f"{row}.png"), rng.integers(0, 256, (32, 32, 3), np.uint8))
    table = pd.DataFrame({columns["id"]: range(N_LABELLED + N_UNLABELLED)})
    table[columns["path"]] = [f"{row}.png" for row in table[columns["id"]]]
    table[N_LABELLED:].to_csv(folder / kaggle["test_table"], index=False)
    table[columns["age"]] = 20 + table[columns["id"]]
    table[columns["gender"]] = [kaggle["female"], kaggle["male"]] * (len(table) // 2)
    table[:N_LABELLED].to_csv(folder / kaggle["table"], index=False)
    (tmp_path / "params.yaml").write_bytes((root / "params.yaml").read_bytes())
    return tmp_path


def read_yaml(path: Path) -> Params:
    return dict(YAML(typ="safe").load(path))


def set_param(name: str, value: Any) -> Callable[[Path], None]:
    """Returns a fault: the parameter under a dotted name has this value."""

    def change(project: Path) -> None:
        *sections, key = name.split(".")
        params = section = read_yaml(project / "params.yaml")
        for step in sections:
            section = section[step]
        assert key in section
        section[key] = value
        YAML().dump(params, project / "params.yaml")

    return change


def misspell_epochs(project: Path) -> None:
    params = read_yaml(project / "params.yaml")
    params["train"]["epoch"] = params["train"].pop("epochs")
    YAML().dump(params, project / "params.yaml")


def rename_age(project: Path) -> None:
    data = read_yaml(project / "params.yaml")["data"]
    table = project / data["root"] / data["kaggle"]["table"]
    frame = pd.read_csv(table).rename(columns={data["kaggle"]["columns"]["age"]: "age_years"})
    frame.to_csv(table, index=False)


def break_images(project: Path) -> None:
    found = list(project.rglob("*.png"))
    assert len(found) == N_LABELLED + N_UNLABELLED
    for path in found:
        path.write_bytes(path.read_bytes()[:40])


def index_two_images(project: Path) -> None:
    """Leaves what `ingest` would of a data set that is too small for four parts."""
    columns = {name: ["0", "1"] for name in schema.INDEX.names}
    rows = {"row": [0, 1], "group": [0, 1], "width": [9, 9], "height": [9, 9]}
    labels = {"age": [20.0, 30.0], "gender": [0, 1], "official_part": [None, None]}
    write_table(project / paths.INDEX, pd.DataFrame({**columns, **rows, **labels}), schema.INDEX)


def files(project: Path) -> dict[str, bytes]:
    found = [path for path in project.rglob("*") if path.is_file()]
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in found}


def test_what_is_misused_here_works_when_used_well(project: Path, run_stage: RunStage) -> None:
    for stage in ("ingest", "split"):
        done = run_stage(stage)
        assert (done.returncode, done.stderr) == (0, "")
    assert (project / paths.SPLITS).is_file()


# A table of what was set aside is what the message points to, so it and the stores beside it stay.
SET_ASIDE = {"data/rejected.csv", "data/faces/part-00000.arrow", "data/unlabelled/part-00000.arrow"}
MISUSES: dict[str, tuple[str, Callable[[Path], None], str, set[str]]] = {
    "backbone": (
        "split",
        set_param("backbone", "resnt18"),
        "params.yaml: backbone: there is no 'resnt18'; did you mean resnet18,",
        set(),
    ),
    "key": (
        "split",
        misspell_epochs,
        "params.yaml: train.epoch: unknown key; did you mean epochs?",
        set(),
    ),
    "root": (
        "ingest",
        set_param("data.root", "data/fases"),
        "data.root: 'data/fases' does not exist; set the absolute path",
        set(),
    ),
    "column": (
        "ingest",
        rename_age,
        "there is no column 'age'; set data.kaggle.columns.age to the table's own name, "
        "perhaps age_years",
        set(),
    ),
    "images": (
        "ingest",
        break_images,
        "no labelled image is left: 14 of 14 rows were set aside\n  14 x image unreadable",
        SET_ASIDE,
    ),
    "parts": (
        "split",
        index_two_images,
        "would have no images: 2 labelled images in 2 groups are too few for these split.fractions",
        set(),
    ),
}


@pytest.mark.parametrize(("stage", "misuse", "message", "left"), MISUSES.values(), ids=MISUSES)
def test_misuse_ends_in_one_message_and_leaves_nothing_half_written(
    project: Path,
    run_stage: RunStage,
    stage: str,
    misuse: Callable[[Path], None],
    message: str,
    left: set[str],
) -> None:
    misuse(project)
    before = files(project)
    done = run_stage(stage)
    assert done.returncode != 0
    assert message in done.stderr
    assert done.stderr.startswith("\nERROR: ")
    assert done.stderr.count("ERROR:") == 1
    assert "Traceback" not in done.stdout + done.stderr
    after = files(project)
    assert after.keys() - before.keys() == left
    assert {name: after[name] for name in before} == before
