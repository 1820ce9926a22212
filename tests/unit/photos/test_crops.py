"""What of a photo a model sees."""

import math
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from visage.finding.box import Box
from visage.inference.face_model import FaceModel
from visage.photos.crops import CropError, Cutter
from visage.photos.reading import read_photo
from visage.preprocess.resize import letterbox, stretch

MakeModel = Callable[..., FaceModel]


@pytest.fixture
def cutter(make_model: MakeModel) -> Callable[..., Cutter]:
    def made(crop: str, **facts: Any) -> Cutter:
        return Cutter.of(make_model(**facts).facts, crop=crop)

    return made


Make = Callable[..., Cutter]
PHOTO = np.random.default_rng(2).integers(0, 256, (40, 60, 3), dtype=np.uint8)


def test_without_a_crop_the_whole_photo_is_resized_by_the_rule_of_training(cutter: Make) -> None:
    for rule, resize in {"letterbox": letterbox, "stretch": stretch}.items():
        (cut,) = cutter("none", resize=rule)(PHOTO)
        assert cut.box == Box(0, 0, 60, 40)
        assert np.array_equal(cut.pixels, resize(PHOTO, size=32))


def test_the_center_is_the_largest_square_in_the_middle(cutter: Make) -> None:
    (cut,) = cutter("center")(PHOTO)
    assert cut.box == Box(10, 0, 50, 40)
    assert np.array_equal(cut.pixels, stretch(PHOTO[:, 10:50], size=32))


def test_a_photo_without_a_face_has_no_cuts(cutter: Make) -> None:
    assert cutter("face")(PHOTO) == []


def test_a_face_is_found_in_its_box(cutter: Make, hopper: Path) -> None:
    (cut,) = cutter("face")(read_photo(hopper))
    x, y = cut.box.centre
    assert 240 < x < 300  # by eye, in the photo of 512 x 600 pixels
    assert 190 < y < 260
    assert 140 < cut.box.width < 200
    assert cut.pixels.shape == (32, 32, 3)


def test_the_margin_of_training_widens_what_is_seen(make_model: MakeModel, hopper: Path) -> None:
    photo = read_photo(hopper)
    tight, wide = (
        Cutter.of(make_model(image_size=96, margin=margin).facts, crop="face")(photo)[0].pixels
        for margin in (0.0, 0.5)
    )
    shrunk = stretch(tight, size=48).astype(float)
    assert np.abs(wide[24:72, 24:72] - shrunk).mean() < 8
    assert np.abs(wide - stretch(tight, size=96).astype(float)).mean() > 30


def test_a_model_that_does_not_know_its_margin_finds_no_faces_unless_told(
    make_model: MakeModel,
) -> None:
    facts = make_model(margin=None).facts
    with pytest.raises(CropError, match=r"--crop none.*--margin"):
        Cutter.of(facts, crop="face")
    assert Cutter.of(facts, crop="face", margin=0.3).margin == 0.3
    assert Cutter.of(facts, crop="none").margin == 0.0


def test_a_margin_that_contradicts_the_model_is_refused(make_model: MakeModel) -> None:
    facts = make_model(margin=0.25).facts
    assert Cutter.of(facts, crop="face", margin=0.25).margin == 0.25
    with pytest.raises(CropError, match=r"--margin 0.3 contradicts the model.*with 0.25"):
        Cutter.of(facts, crop="face", margin=0.3)


@pytest.mark.parametrize("crop", ["none", "center"])
def test_a_margin_without_faces_to_be_cut_out_is_refused(make_model: MakeModel, crop: str) -> None:
    with pytest.raises(CropError, match=f"--margin has no effect with --crop {crop}.*--crop face"):
        Cutter.of(make_model(margin=None).facts, crop=crop, margin=0.3)


@pytest.mark.parametrize("margin", [-0.3, 2.1, math.nan, math.inf])
def test_a_margin_has_the_bounds_of_training(make_model: MakeModel, margin: float) -> None:
    with pytest.raises(CropError, match=f"--margin {margin:g} is not between -0.25 and 2"):
        Cutter.of(make_model(margin=None).facts, crop="face", margin=margin)


def test_a_cutter_reaches_other_processes(cutter: Make, hopper: Path) -> None:
    there = pickle.loads(pickle.dumps(cutter("face")))
    assert len(there(read_photo(hopper))) == 1
