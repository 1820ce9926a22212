import base64
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mlflow.exceptions import MlflowException
from numpy.typing import NDArray

from visage.codes import Task
from visage.estimates import Estimates
from visage.files.jpeg import encode
from visage.inference.face_model import Images, ModelFacts
from visage.tracking.scoring import Scorer

FACTS = ModelFacts(
    image_size=16,
    tasks=(Task.AGE,),
    age_max=100,
    resize="letterbox",
    margin=None,
    aligned=False,
    age_coverage=0.9,
    gender_threshold=None,
    sha256="ab" * 32,
    format="onnx",
)
GREY = np.full((20, 20, 3), 51, np.uint8)


class Brightness:
    """A model whose age is the face's brightness in per cent."""

    facts = FACTS
    at_once = 1

    def __call__(self, faces: Images) -> Estimates:
        age = faces.mean(axis=(1, 2, 3)) / 2.55
        return Estimates(age=age, age_low=age - 5, age_high=age + 5)


def predicted(images: Sequence[object], **params: object) -> pd.DataFrame:
    return Scorer(Brightness()).predict(pd.DataFrame({"image": list(images)}), params)


@pytest.mark.parametrize(
    "image",
    [
        GREY,
        GREY.tolist(),
        encode(GREY, jpeg_quality=95),
        base64.b64encode(encode(GREY, jpeg_quality=95)).decode(),
    ],
    ids=["array", "lists", "bytes", "base64"],
)
def test_every_form_of_an_image_gives_its_age(image: object) -> None:
    found = predicted([image])
    assert found["age"].to_list() == [pytest.approx(20, abs=0.5)]
    assert found["gender"].to_list() == [None]


@pytest.mark.parametrize(
    "value",
    [
        "https://example.com/face.jpg",
        "file:///etc/passwd",
        "/etc/passwd",
        "",
        b"no image",
        None,
        7,
        [[1, 2], [3]],
        ["text"],
        np.zeros((4, 4)),
        np.full((4, 4, 3), 300),
        np.full((4, 4, 3), np.nan),
    ],
)
def test_what_is_no_image_is_a_row_with_its_error_between_the_others(value: object) -> None:
    found = predicted([GREY, value, GREY])
    assert found["image"].to_list() == [0, 1, 2]
    assert [error is None for error in found["error"]] == [True, False, True]
    assert found["age"].to_list()[1] is None


def test_more_images_than_a_batch_keep_their_order() -> None:
    values = list(range(0, 250, 5))
    images: list[NDArray[np.uint8]] = [np.full((4, 4, 3), value, np.uint8) for value in values]
    ages = predicted(images)["age"].to_list()
    assert ages == pytest.approx([value / 2.55 for value in values], abs=0.01)


def test_faces_are_not_searched_where_the_model_knows_no_margin() -> None:
    with pytest.raises(MlflowException, match="crop is none, center, face") as refused:
        predicted([GREY], crop="face")
    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"


def test_crop_that_does_not_exist_is_told_those_that_do() -> None:
    with pytest.raises(MlflowException, match="crop is none, center, face"):
        predicted([GREY], crop="faces")


def test_margin_may_be_said() -> None:
    assert predicted([GREY], crop="face", margin=0.4)["error"].to_list() == ["no face found"]


def test_model_that_knows_its_margin_searches_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Brightness, "facts", replace(FACTS, margin=0.4))
    assert predicted([GREY])["error"].to_list() == ["no face found"]


def test_model_folder_is_missing_its_files(tmp_path: Path) -> None:
    from visage.inference.face_model import FaceModelError
    from visage.tracking.scoring import _load_pyfunc

    with pytest.raises(FaceModelError):
        _load_pyfunc(str(tmp_path))
