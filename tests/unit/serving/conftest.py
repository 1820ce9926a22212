"""The application around a reader that finds one face in the middle of every photo."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from fastapi.testclient import TestClient

from visage.codes import Task
from visage.files.jpeg import Image, encode
from visage.finding.box import Box
from visage.inference.face_model import ModelFacts
from visage.photos.faces import Face
from visage.photos.reading import read_photo
from visage.serving.app import create_app
from visage.serving.desk import Find
from visage.serving.limits import Limits
from visage.serving.service import start_service

FACTS = ModelFacts(
    image_size=64,
    tasks=(Task.AGE, Task.GENDER),
    age_max=100,
    resize="letterbox",
    margin=None,
    aligned=False,
    age_coverage=0.9,
    gender_threshold=0.5,
    sha256="ab" * 32,
    format="onnx",
)
SMALL = Limits(max_bytes=100_000, max_pixels=250_000, queue=4, batch=4, seconds=20)

Client = Callable[..., TestClient]


def find_middle(photos: Sequence[Image]) -> list[list[Face]]:
    """One face over the middle half; its age is the photo's mean brightness."""
    return [[_middle(photo)] for photo in photos]


def _middle(photo: Image) -> Face:
    height, width = photo.shape[:2]
    age = float(photo.mean()) / 255 * 100
    box = Box(width * 0.25, height * 0.25, width * 0.75, height * 0.75)
    return Face(box, age, max(0.0, age - 5), age + 5, 1, 0.75)


@pytest.fixture
def client() -> Iterator[Client]:
    """Returns a function that starts an application and gives its client."""
    with ExitStack() as stack:

        def started(
            find: Find = find_middle,
            *,
            key: str | None = None,
            facts: ModelFacts = FACTS,
            **limits: float,
        ) -> TestClient:
            changed = replace(SMALL, **limits)
            read = partial(read_photo, max_bytes=changed.max_bytes, max_pixels=changed.max_pixels)
            service = start_service(find, read=read, facts=facts, limits=changed, key=key)
            return stack.enter_context(TestClient(create_app(service)))

        yield started


@pytest.fixture
def photo() -> bytes:
    """Returns a JPEG of 80 x 60 pixels, all of one grey."""
    return encode(np.full((60, 80, 3), 128, np.uint8), jpeg_quality=95)
