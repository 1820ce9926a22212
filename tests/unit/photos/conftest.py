"""A model that needs no weights, and real faces where the checkout has them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib.cbook
import numpy as np
import pytest

from visage.codes import Task
from visage.estimates import Estimates
from visage.files.jpeg import Image, encode
from visage.inference.face_model import Images, ModelFacts

FACTS = ModelFacts(
    image_size=32,
    tasks=(Task.AGE, Task.GENDER),
    age_max=100,
    resize="letterbox",
    margin=0.0,
    aligned=True,
    age_coverage=0.9,
    gender_threshold=0.5,
    sha256="ab" * 32,
    format="onnx",
)


class Brightness:
    """Says that a face's mean brightness, in percent, is its age, and bright faces are male."""

    at_once = 1

    def __init__(self, facts: ModelFacts) -> None:
        self.facts = facts
        self.batches: list[int] = []

    def __call__(self, faces: Images) -> Estimates:
        size = self.facts.image_size
        assert faces.shape[1:] == (size, size, 3)
        self.batches.append(len(faces))
        share = faces.mean(axis=(1, 2, 3)) / 255
        age, male = Task.AGE in self.facts.tasks, Task.GENDER in self.facts.tasks
        return Estimates(
            age=share * 100 if age else None,
            age_low=share * 100 - 5 if age else None,
            age_high=share * 100 + 5 if age else None,
            gender=(share >= 0.5).astype(np.int64) if male else None,
            male_probability=share if male else None,
        )


MakeModel = Callable[..., Brightness]


@pytest.fixture
def make_model() -> MakeModel:
    """Returns a function that makes a model; its words are facts that differ from the usual."""

    def made(**facts: Any) -> Brightness:
        return Brightness(replace(FACTS, **facts))

    return made


@pytest.fixture
def grey(tmp_path: Path) -> Callable[..., Path]:
    """Returns a function that writes a photo of one brightness, (height, width), in percent."""

    def written(name: str, percent: float = 50, *, height: int = 40, width: int = 60) -> Path:
        image = np.full((height, width, 3), round(percent * 2.55), np.uint8)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(image, jpeg_quality=100))
        return path

    return written


@pytest.fixture(scope="session")
def hopper() -> Path:
    """Returns a photo with one face: Rear Admiral Grace Hopper, as matplotlib ships it."""
    return Path(str(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))


@pytest.fixture(scope="session")
def crops(shared: Path) -> list[Image]:
    """Returns sixty of UTKFace's crops, 200 x 200 pixels."""
    from visage.photos.reading import read_photo

    paths = sorted((shared / "utkface").glob("*.jpg"))
    return [read_photo(path) for path in paths[:: len(paths) // 60]]
