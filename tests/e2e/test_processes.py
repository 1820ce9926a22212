"""Two processes on one machine train and predict what one does."""

import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
Run = Callable[..., CompletedProcess[str]]
# Without batch norm and dropout: each process would have other statistics, and drop out apart.
PLAIN = {"backbone": "test_vit", "model": {"mlp": [], "dropout": 0.0, "image_size": 32}}


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    """Returns a copy of the finished project, with a network that can be compared."""
    folder = tmp_path / "project"
    shutil.copytree(finished, folder, symlinks=True)
    yaml = YAML()
    params = yaml.load(folder / "params.yaml")
    params["backbone"] = PLAIN["backbone"]
    params["model"].update(PLAIN["model"])
    params["init"]["kwargs"] = {"img_size": 32}
    # 96 training images in batches of 10: the last one has 6, 3 for each process.
    params["train"].update(epochs=3, batch_size=10, accumulate=2, ema_decay=0.9, patience=None)
    yaml.dump(params, folder / "params.yaml")
    return folder


def trained(project: Path, run_in: Callable[[Path], Run], processes: str) -> pd.DataFrame:
    done = run_in(project)("dvc", "repro", "-f", "-s", "train", "infer", VISAGE_PROCESSES=processes)
    assert done.returncode == 0, done.stdout + done.stderr
    return pd.read_csv(project / "metrics/history.csv")


def posteriors(project: Path) -> pd.DataFrame:
    table = pd.read_parquet(project / "data/predictions/test.parquet")
    return table.assign(posterior=[np.asarray(row) for row in table["posterior"]])


def test_two_processes_give_the_figures_of_one(
    project: Path, run_in: Callable[[Path], Run]
) -> None:
    done = run_in(project)("dvc", "repro", "init")
    assert done.returncode == 0, done.stdout + done.stderr
    one, alone = trained(project, run_in, "1"), posteriors(project)
    two, together = trained(project, run_in, "2"), posteriors(project)
    pd.testing.assert_frame_equal(two, one, rtol=1e-3)
    assert together["id"].tolist() == alone["id"].tolist()
    found, expected = (np.stack(table["posterior"]) for table in (together, alone))
    assert np.abs(found - expected).max() < 1e-3


def test_a_batch_that_cannot_be_shared_is_refused(
    project: Path, run_in: Callable[[Path], Run]
) -> None:
    done = run_in(project)("dvc", "repro", "-f", "train", VISAGE_PROCESSES="3")
    assert done.returncode != 0
    assert "train.batch_size 10 can't be shared evenly by 3 processes" in done.stdout + done.stderr
