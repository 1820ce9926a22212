"""A tiny store of images for whoever reads images, and two processes for what they share."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from visage.files.faces import FaceStore, encode, write_faces
from visage.inference.machine import Machine

SIZE = 40
WORK = """
import json, runpy, sys
from visage.inference.machine import machine
print(json.dumps(runpy.run_path(sys.argv[1])[sys.argv[2]](machine())))
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
