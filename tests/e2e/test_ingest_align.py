"""The stage `ingest` with `data.align`: whole photos in, upright faces of the stated margin out."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import matplotlib.cbook
import numpy as np
import pandas as pd
import pytest
import sklearn.datasets
from ruamel.yaml import YAML

from visage.files.faces import FaceStore
from visage.files.tables import read_table
from visage.finding.aligning import aligner
from visage.finding.find import finder
from visage.photos.reading import read_photo
from visage.preprocess.resize import stretch
from visage.schema import INDEX

MARGIN = 0.2
HOPPER = Path(str(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))
LANDSCAPE = Path(sklearn.datasets.__file__).with_name("images") / "china.jpg"


@pytest.fixture(scope="module")
def ingested(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a project whose table has a photo with one face and one with none, ingested."""
    project = tmp_path_factory.mktemp("aligned")
    (project / "data/own").mkdir(parents=True)
    shutil.copy(HOPPER, project / "data/own/hopper.jpg")
    shutil.copy(LANDSCAPE, project / "data/own/china.jpg")
    rows = "id,full_path,age,gender\nadmiral,hopper.jpg,78,0\nnobody,china.jpg,30,1\n"
    (project / "data/own/train.csv").write_text(rows, encoding="utf-8")
    yaml = YAML()
    params = yaml.load(root / "params.yaml")
    params["data"].update(root="data/own", align="yunet", crop_margin=MARGIN)
    params["data"]["kaggle"]["test_table"] = None
    params["ingest"].update(store_size=128, max_rejected=0.5)
    yaml.dump(params, project / "params.yaml")
    done = subprocess.run(
        [sys.executable, "-m", "stages.ingest"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return project


def test_the_model_will_know_how_the_faces_were_cut_out(ingested: Path) -> None:
    told = json.loads((ingested / "data/crop.json").read_text(encoding="utf-8"))
    assert told == {"aligned": True, "margin": MARGIN, "resize": "letterbox"}


def test_a_photo_without_a_face_is_set_aside_with_its_reason(ingested: Path) -> None:
    with (ingested / "data/rejected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["reason"]) for row in rows] == [("nobody", "no face found")]
    counts = json.loads((ingested / "metrics/ingest.json").read_text(encoding="utf-8"))
    assert counts["rejected_by_reason"] == {"no face found": 1}


def test_the_store_holds_the_face_that_was_found_with_its_margin(ingested: Path) -> None:
    store, index = FaceStore(ingested / "data/faces"), index_of(ingested)
    assert list(store.ids) == list(index["id"]) == ["admiral"]
    stored, photo = store.image("admiral"), read_photo(HOPPER)
    assert stored.shape == (128, 128, 3)
    closest = aligner("yunet", margin=0.0)
    assert closest is not None
    without = closest(photo)
    assert without is not None
    assert square_of(photo, stored) == pytest.approx((1 + 2 * MARGIN) * len(without), rel=0.05)
    (again,) = finder()(stretch(stored, size=512))
    assert abs(np.subtract(*(eye[1] for eye in again.eyes))) < 8  # upright, of 512 pixels


def square_of(photo: np.ndarray, stored: np.ndarray) -> float:
    """Returns the side in the photo's pixels at which the stored square fits it best."""

    def likeness(side: int) -> float:
        template = stretch(stored[8:-8, 8:-8], size=side * 112 // 128)
        found = cv2.matchTemplate(photo, template, cv2.TM_CCOEFF_NORMED)
        return float(found.max())

    sides = range(160, 420, 10)
    best = max(sides, key=likeness)
    assert likeness(best) > 0.9
    return float(best)


def index_of(project: Path) -> pd.DataFrame:
    return read_table(project / "data/index.parquet", INDEX)
