"""Two processes on one machine train and predict what one does, and end together."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import numpy as np
import pandas as pd
import psutil
import pytest
from ruamel.yaml import YAML

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3000)]
Start = Callable[..., Popen[str]]
Ended = Callable[[Popen[str]], str]
Trained = Callable[..., tuple[pd.DataFrame, pd.DataFrame]]
# Without dropout: processes drop out apart. Batch norms: tests/unit/training/test_batch_norms.py.
# A head that starts in the middle of the ages: at an RMSE of 30, where others start, the harmonic
# score is a difference of nearly equal numbers, and its relative error no measure.
PLAIN = {"mlp": [], "dropout": 0.0, "image_size": 32, "age_head": "distribution"}
# 96 training images in batches of 10: the last one has 6. Faces are drawn by `weights`, some often.
RECIPE = {"epochs": 3, "batch_size": 10, "accumulate": 2, "ema_decay": 0.9, "patience": None}
# Two processes add the gradients of a batch in another order: float32 rounds them otherwise.
# Measured: 5e-6 of a figure and 6e-5 of a probability after 3 epochs.
OF_A_FIGURE, OF_A_PROBABILITY = 1e-4, 1e-3
FAMILIARITY = "data/predictions/familiarity.parquet"
PRODUCTS = ("models/model.safetensors", "models/model.json", "metrics/history.csv")


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    """Returns a copy of the finished project, with a network that can be compared."""
    folder = tmp_path / "project"
    shutil.copytree(finished, folder, symlinks=True)
    set_params(folder, backbone="test_vit", kwargs={"img_size": 32}, **RECIPE)
    return folder


def set_params(project: Path, *, backbone: str, kwargs: dict[str, int], **recipe: object) -> None:
    yaml = YAML()
    params = json.loads(
        json.dumps(yaml.load(project / "params.yaml"))
    )  # comments would be in the way
    params["backbone"] = backbone
    params["init"]["kwargs"] = kwargs
    params["model"].update(PLAIN)
    params["train"].update(recipe)
    params["weights"]["scheme"] = "inverse"
    yaml.dump(params, project / "params.yaml")


@pytest.fixture
def trained(start: Start, ended: Ended) -> Trained:
    """Returns a function from a project to its history and its predictions for the test part."""

    def told(project: Path, **environment: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        ended(start(project, "dvc", "repro", "-f", "-s", "train", "infer", **environment))
        table = pd.read_parquet(project / "data/predictions/test.parquet")
        return pd.read_csv(project / "metrics/history.csv"), table

    return told


def processes(project: Path) -> int:
    return int(pd.read_json(project / "metrics/train.json", typ="series")["processes"])


def products(project: Path) -> list[bytes]:
    return [(project / name).read_bytes() for name in PRODUCTS]


def test_two_processes_give_the_figures_of_one(
    project: Path, start: Start, ended: Ended, trained: Trained
) -> None:
    ended(start(project, "dvc", "repro", "init"))
    expected, alone = trained(project)
    assert processes(project) == 1
    expected_scores = pd.read_parquet(project / FAMILIARITY)
    for environment in (
        {"VISAGE_PROCESSES": "2"},
        {"VISAGE_LAUNCH": "torchrun --standalone --nproc-per-node 2 -m"},
    ):
        history, together = trained(project, **environment)
        assert processes(project) == 2
        pd.testing.assert_frame_equal(history, expected, rtol=OF_A_FIGURE)
        assert together["id"].tolist() == alone["id"].tolist()
        found, wanted = (np.stack(table["posterior"]) for table in (together, alone))
        assert np.abs(found - wanted).max() < OF_A_PROBABILITY
        scores = pd.read_parquet(project / FAMILIARITY)
        assert scores["id"].tolist() == expected_scores["id"].tolist()
        off = scores["familiarity"] - expected_scores["familiarity"]
        assert off.abs().max() < OF_A_PROBABILITY


def test_a_batch_that_cannot_be_shared_ends_all_with_one_message(
    project: Path, start: Start
) -> None:
    process = start(project, "dvc", "repro", "-f", "train", VISAGE_PROCESSES="3")
    said = process.communicate()[0]
    assert process.returncode != 0
    assert said.count("train.batch_size 10 can't be shared evenly by 3 processes") == 1
    assert "Traceback" not in said


def test_two_processes_end_together_and_go_on_together(
    project: Path, start: Start, ended: Ended, tmp_path: Path
) -> None:
    set_params(project, backbone="test_vit", kwargs={"img_size": 32}, epochs=12)
    undisturbed = tmp_path / "undisturbed"
    ended(start(project, "dvc", "repro", "init"))
    shutil.copytree(project, undisturbed, symlinks=True)
    repro = ("dvc", "repro", "-s", "train")
    ended(start(undisturbed, *repro, VISAGE_PROCESSES="2", VISAGE_RESUME="never"))

    lost = start(project, *repro, VISAGE_PROCESSES="2")
    os.kill(of_rank("1", wait_until_it_trains(lost, project)), signal.SIGKILL)
    said = lost.communicate(timeout=600)[0]
    assert lost.returncode != 0
    assert "process 1 was ended by SIGKILL" in said
    assert "Traceback" not in said

    orphaned = start(project, *repro, VISAGE_PROCESSES="2")
    both = wait_until_it_trains(orphaned, project)
    os.killpg(orphaned.pid, signal.SIGKILL)  # DVC and the launcher; the two have their own sessions
    gone, alive = psutil.wait_procs(both, timeout=600)
    orphaned.communicate()
    assert (len(gone), alive) == (2, [])

    interrupted = start(project, *repro, VISAGE_PROCESSES="2")
    wait_until_it_trains(interrupted, project)
    os.killpg(interrupted.pid, signal.SIGINT)
    said = interrupted.communicate(timeout=600)[0]
    assert interrupted.returncode != 0
    assert said.count("SIGINT: stopping behind this step") == 1
    assert said.count("Interrupted; `dvc repro` goes on from here") == 1
    assert "Traceback" not in said

    said = ended(start(project, *repro, VISAGE_PROCESSES="2"))
    assert said.count("Going on with epoch") == 1
    assert products(project) == products(undisturbed)


def wait_until_it_trains(process: Popen[str], project: Path) -> list[psutil.Process]:
    """Returns the two that train when a state has been written since this call."""
    before = {book: book.stat().st_mtime_ns for book in books(project)}
    while {book: book.stat().st_mtime_ns for book in books(project)} == before:
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    below = psutil.Process(process.pid).children(recursive=True)
    return [one for one in below if "RANK" in one.environ()]


def of_rank(rank: str, both: list[psutil.Process]) -> int:
    return next(one.pid for one in both if one.environ()["RANK"] == rank)


def books(project: Path) -> list[Path]:
    return list(project.glob(".visage/state/*/states.json"))
