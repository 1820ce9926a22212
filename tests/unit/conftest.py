"""A tiny store of images for whoever reads images, and two processes for what they share."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from visage.files.faces import FaceStore, write_faces
from visage.files.jpeg import encode
from visage.inference.machine import Machine

SIZE = 40
WORK = """
import json, runpy, sys
from torch import distributed as group
from visage.inference.launch import one_message
from visage.inference.machine import machine
with one_message():
    print(json.dumps(runpy.run_path(sys.argv[1])[sys.argv[2]](machine())))
if group.is_initialized():
    sys.exit("the group of processes is still there")
"""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> FaceStore:
    """Returns a store of 24 smooth random images, ids "0" to "23"."""
    rng = np.random.default_rng(3)
    coarse = rng.integers(0, 256, (24, 5, 5, 3), dtype=np.uint8)
    images = [np.kron(image, np.ones((8, 8, 1), np.uint8)) for image in coarse]
    folder = tmp_path_factory.mktemp("store") / "faces"
    rows = ((str(row), encode(image, jpeg_quality=95)) for row, image in enumerate(images))
    write_faces(folder, rows, shard_rows=10)
    return FaceStore(folder)


@pytest.fixture
def labels() -> pd.DataFrame:
    """Returns the labels of the store's images: id, ages (years), gender, group."""
    ages = np.random.default_rng(4).uniform(0, 90, 24).astype(np.float32)
    return pd.DataFrame(
        {
            "id": [str(row) for row in range(24)],
            "age": ages,
            "age_low": ages,
            "age_high": ages,
            "gender": np.arange(24, dtype=np.int8) % 2,
            "group": np.arange(24),
        }
    )


@pytest.fixture
def commit_written(tmp_path: Path) -> Callable[[str | None, Callable[[], None]], str]:
    """Returns a function that commits what another writes into the new repository `tmp_path`.

    With a name it becomes an experiment of the commit before, which stays HEAD.
    """

    def git(*words: str) -> str:
        command = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.c"]
        done = subprocess.run([*command, *words], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    git("init", "-q", "-b", "main")
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc/config").touch()

    def commit(name: str | None, write: Callable[[], None]) -> str:
        write()
        git("add", "-A")
        git("commit", "-q", "--allow-empty", "-m", "x")
        made = git("rev-parse", "HEAD")
        if name is not None:
            git("reset", "-q", "--hard", "HEAD~")
            start = git("rev-parse", "HEAD")
            git("update-ref", f"refs/exps/{start[:2]}/{start[2:]}/{name}", made)
        return made

    return commit


@pytest.fixture(scope="session")
def two_processes() -> Callable[[Callable[[Machine], Any]], list[Any]]:
    """Returns what a function of a test's file returns in the first and in the second process.

    They are a real group (gloo), as torchrun would make it; results travel as JSON.
    """

    def run(work: Callable[[Machine], Any]) -> list[Any]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1"}
        sizes = {"WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "VISAGE_DEVICE": "cpu"}
        started = [
            subprocess.Popen(
                [sys.executable, "-c", WORK, work.__code__.co_filename, work.__name__],
                env={**os.environ, **where, **sizes, "RANK": rank, "LOCAL_RANK": rank},
                stdout=subprocess.PIPE,
                text=True,
            )
            for rank in ("0", "1")
        ]
        said = [process.communicate()[0] for process in started]
        assert [process.returncode for process in started] == [0, 0]
        return [json.loads(text) for text in said]

    return run


@pytest.fixture(scope="session")
def trained_folder(tmp_path_factory: pytest.TempPathFactory, store: FaceStore) -> Path:
    """Returns a folder `models` as the pipeline writes it: both tasks, 32 px, not trained.

    The first 12 of the store's images are known faces; some of the others are unfamiliar.
    """
    import torch

    from visage.codes import Task
    from visage.files.jsons import write_json
    from visage.inference.familiarity import Familiarity, save_familiarity, unit_vectors
    from visage.models.backbone import Normalisation
    from visage.models.checkpoint import save_model
    from visage.models.network import Network, NetworkSpec
    from visage.posterior.decision import AgeIntervals, AgeLevel, Baseline, Decision

    folder = tmp_path_factory.mktemp("trained") / "models"
    tasks = (Task.AGE, Task.GENDER)
    normalisation = Normalisation((0.5, 0.4, 0.3), (0.2, 0.2, 0.2))
    spec = NetworkSpec(
        "test_resnet", {}, 0.0, tasks, "distribution", 100, (8,), 0.0, 32, normalisation
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = Network(spec)
    facts = {"init": {"licence": "apache-2.0", "origin": "a test"}, "fingerprint": "f" * 64}
    weights, card = folder / "model.safetensors", folder / "model.json"
    folder.mkdir(parents=True)
    save_model(weights, card, spec=spec, state=network.state_dict(), facts=facts)
    intervals = AgeIntervals((30.0,), (AgeLevel(0.9, (2.0, 6.0), 12.5),), shown=0)
    fitted = (0.45, 1.5, intervals)
    images = np.stack([store.image(id_)[:32, :32].transpose(2, 0, 1) for id_ in store.ids])
    with torch.no_grad():
        features = network.eval().features(torch.from_numpy(images))
        familiarity = Familiarity(unit_vectors(features[:12]), nearest=3)
        scores = np.sort(familiarity(features[12:]).numpy().astype(np.float64))
    save_familiarity(folder / "familiar.safetensors", familiarity)
    wide = np.diff(scores).argmax()  # in the middle of it no rounding changes a side
    limit = {"familiarity_limit": scores[wide : wide + 2].mean(), "unfamiliar_share": 0.02}
    views = ("identity", "hflip")
    decision = Decision(tasks, 20, *fitted, Baseline(30.0, 1), views=views, **limit)
    write_json(folder / "decision.json", decision.to_json())
    inputs = {name: name[0] * 64 for name in ("code", "data", "init", "params")}
    write_json(folder / "fingerprint.json", {"fingerprint": "f" * 64, "inputs": inputs})
    return folder


@pytest.fixture(scope="session")
def onnx_file(trained_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the file that `visage export` makes of that folder, with both views."""
    from visage.export.artefact import read_artefact
    from visage.export.formats.onnx import write

    path = tmp_path_factory.mktemp("exported") / "model.onnx"
    write(read_artefact(trained_folder, view_names=["identity", "hflip"]), path)
    return path


@pytest.fixture
def pixels(store: FaceStore) -> np.ndarray:
    """Returns the store's images at 32 px, (24, 32, 32, 3)."""
    return np.stack([store.image(id_)[:32, :32] for id_ in store.ids])


@pytest.fixture
def ingested(tmp_path: Path, store: FaceStore, labels: pd.DataFrame) -> Path:
    """Returns a project of 24 faces, 6 in each part."""
    from visage.files.tables import write_table
    from visage.schema import INDEX, SPLITS

    missing = {name: None for name in INDEX.names if name not in labels}
    numbers = {"row": np.arange(24), "width": 40, "height": 40}
    texts = dict.fromkeys(("source", "source_path", "sha256", "phash"), "")
    index = labels.assign(**{**missing, **numbers, **texts})
    parts = np.repeat(["train", "validation", "calibration", "test"], 6)
    write_table(tmp_path / "data/index.parquet", index, INDEX)
    write_table(
        tmp_path / "data/splits.csv", pd.DataFrame({"id": index["id"], "part": parts}), SPLITS
    )
    shutil.copytree(store.folder, tmp_path / "data/faces")
    return tmp_path
