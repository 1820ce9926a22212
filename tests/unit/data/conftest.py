"""Small images and the `data` section, for the tests of the data layer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from visage.codes import UNLABELLED
from visage.data.source import Record
from visage.files.jpeg import Image, encode
from visage.params.data import Data
from visage.params.sources import AppaReal, Columns, Fairface, ImdbWiki, Kaggle

Picture = Callable[..., Image]


@pytest.fixture
def picture() -> Picture:
    """Returns a function that draws a smooth image from a seed, whatever its size."""

    def draw(seed: int, *, width: int = 48, height: int = 48) -> Image:
        rng = np.random.default_rng(seed)
        phase, frequency = rng.uniform(0, 6, (3, 2)), rng.uniform(2, 9, (3, 2))
        x, y = np.linspace(0, 1, width)[None, :, None], np.linspace(0, 1, height)[:, None, None]
        waves = np.sin(x * frequency[:, 0] + phase[:, 0]) * np.cos(
            y * frequency[:, 1] + phase[:, 1]
        )
        return (127 + 120 * waves).astype(np.uint8)

    return draw


@pytest.fixture
def jpeg(picture: Picture) -> Callable[..., bytes]:
    """Returns a function that gives the JPEG bytes of the image with a seed."""

    def make(seed: int, *, width: int = 48, height: int = 48) -> bytes:
        return encode(picture(seed, width=width, height=height), jpeg_quality=95)

    return make


@pytest.fixture(scope="session")
def data_section() -> Callable[..., Data]:
    """Returns a function that gives the `data` section for a root.

    Its keys and those of `kaggle` are overridden.
    """

    def make(root: Path, **fields: object) -> Data:
        own = {key: value for key, value in fields.items() if key in Data.model_fields}
        kaggle = {key: value for key, value in fields.items() if key not in own}
        return Data(**{**plain_data(root), "kaggle": Kaggle(**{**plain_kaggle(), **kaggle}), **own})

    return make


def plain_kaggle() -> dict[str, object]:
    columns = Columns(id="id", path="full_path", age="age", gender="gender", identity=None)
    return {
        "table": "train.csv",
        "test_table": None,
        "columns": columns,
        "female": "0",
        "male": "1",
    }


def plain_data(root: Path) -> dict[str, object]:
    """Returns all keys of `data` but `kaggle`."""
    return {
        "source": "kaggle",
        "root": str(root),
        "over_max": "reject",
        "missing_label": "reject",
        "align": None,
        "crop_margin": None,
        "subset": None,
        "subset_seed": 0,
        "sources": (),
        "imdb_wiki": ImdbWiki(min_face_score=1.0, max_second_face_score=0.0),
        "fairface": Fairface(oldest=90),
        "appa_real": AppaReal(age="real", images="face"),
    }


@pytest.fixture
def record() -> Callable[..., Record]:
    """Returns a function that gives a good labelled record, its fields overridden."""

    def make(**fields: object) -> Record:
        good = {"id": "a", "row": 0, "path": "a.jpg", "age": "30", "gender": "1"}
        return Record(**{**good, **fields})

    return make


@pytest.fixture
def unlabelled_record() -> Callable[..., Record]:
    """Returns a function that gives an unlabelled record."""

    def make(id_: str, row: int) -> Record:
        return Record(id=id_, row=row, path=f"{id_}.jpg", official_part=UNLABELLED)

    return make
