"""Faces of several photos, batched for the model and handed back to their photos."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from visage.codes import Task
from visage.finding.box import Box
from visage.photos.faces import FaceReader

MakeModel = Callable[..., Any]


def photos(*percents: float) -> list[np.ndarray]:
    return [np.full((20, 30, 3), round(percent * 2.55), np.uint8) for percent in percents]


def test_each_photo_gets_what_is_said_of_it(make_model: MakeModel) -> None:
    reader = FaceReader(make_model(resize="stretch"), crop="none")
    ((dark,), (bright,)) = reader(photos(20, 80))
    assert dark.box == Box(0, 0, 30, 20)
    assert dark.age == pytest.approx(20, abs=0.3)
    assert (dark.gender, bright.gender) == (0, 1)
    assert bright.gender_probability == pytest.approx(0.8, abs=0.01)
    assert (bright.age_low, bright.age_high) == pytest.approx((75, 85), abs=0.3)


def test_the_model_gets_batches(make_model: MakeModel) -> None:
    model = make_model()
    FaceReader(model, crop="center", batch_size=2)(photos(1, 2, 3, 4, 5))
    assert model.batches == [2, 2, 1]


def test_a_task_that_the_model_lacks_is_none(make_model: MakeModel) -> None:
    reader = FaceReader(make_model(tasks=(Task.GENDER,)), crop="none")
    ((face,),) = reader(photos(80))
    assert (face.age, face.age_low, face.age_high, face.gender) == (None, None, None, 1)


def test_photos_without_faces_ask_the_model_nothing(make_model: MakeModel) -> None:
    model = make_model()
    assert FaceReader(model, crop="face")(photos(30, 60)) == [[], []]
    assert model.batches == []
