"""The benchmark of the loaders runs in a project; what it prints is for people to judge."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchmarks.loader import main
from PIL import Image

from visage import schema
from visage.files import paths
from visage.files.faces import FaceStore, write_faces
from visage.files.jpeg import encode
from visage.files.tables import write_table

SMALL = "--images 8 --size 32 --batch-size 4 --rounds 1"


@pytest.fixture
def project(store: FaceStore, labels: pd.DataFrame, tmp_path: Path) -> Path:
    """Returns a project with the stored images and their originals, JPEG files of another shape."""
    originals = tmp_path / "originals"
    originals.mkdir()
    for name in store.ids:
        Image.fromarray(np.asarray(store.image(name))[:, :36]).save(originals / f"{name}.jpg")
    rows = ((name, encode(store.image(name), jpeg_quality=95)) for name in store.ids)
    write_faces(tmp_path / paths.FACES, rows, shard_rows=10)
    index = labels.assign(source_path=labels["id"] + ".jpg").reindex(columns=schema.INDEX.names)
    write_table(tmp_path / paths.INDEX, index, schema.INDEX)
    params = (Path(__file__).parents[3] / "params.yaml").read_text(encoding="utf-8")
    assert "root: data/demo" in params
    (tmp_path / "params.yaml").write_text(
        params.replace("root: data/demo", f"root: {originals}"), encoding="utf-8"
    )
    return tmp_path


@pytest.mark.parametrize("asked", ["--augment seed", "--augment flip_crop --only visage timm"])
def test_the_loaders_are_measured_side_by_side(
    project: Path,
    asked: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setenv("VISAGE_DEVICE", "cpu")
    monkeypatch.setattr(sys, "argv", ["loader", *SMALL.split(), *asked.split()])
    main()
    said = capsys.readouterr().out
    assert said.startswith("8 images, 32 px, resnet18, batch 4")
    assert "0 workers, 1 rounds on cpu" in said
    pairs = [line.split(":")[0] for line in said.splitlines() if " / " in line]
    assert "visage / timm" in pairs
    assert len(pairs) == (1 if "only" in asked else 1 + 3 * 6)
    assert ("training / model" in pairs) is ("only" not in asked)
