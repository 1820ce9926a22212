"""A tiny store of images for the tests of whoever reads images."""

import numpy as np
import pandas as pd
import pytest

from visage.files.faces import FaceStore, encode, write_faces

SIZE = 40


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
