from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from visage.codes import Reason
from visage.data.check_image import Examined, examine, quality
from visage.data.fault import Fault
from visage.files.jpeg import Image


@pytest.fixture
def photo() -> Image:
    """Fine coloured noise: as sharp and colourful as can be."""
    return np.random.default_rng(0).integers(0, 256, (200, 160, 3)).astype(np.uint8)


def test_a_grey_picture_has_no_colour(photo: Image) -> None:
    grey = np.repeat(photo[..., :1], 3, axis=2)
    assert quality(grey).colour == 0
    assert quality(photo).colour > 50


def test_colour_is_the_mean_difference_of_the_extreme_channels() -> None:
    assert quality(np.full((50, 50, 3), (10, 40, 25), np.uint8)).colour == 30


def test_one_brightness_has_no_contrast_and_no_sharpness() -> None:
    flat = quality(np.full((300, 200, 3), 90, np.uint8))
    assert (flat.contrast, flat.sharpness) == (0, 0)


def test_a_blurred_picture_is_less_sharp(photo: Image) -> None:
    soft = cv2.GaussianBlur(photo, (0, 0), 4).astype(np.uint8)
    assert quality(soft).sharpness < quality(photo).sharpness / 20


def test_a_picture_enlarged_from_few_pixels_is_less_sharp(photo: Image) -> None:
    assert quality(photo[:20, :20]).sharpness < quality(photo).sharpness / 5


def test_a_file_is_examined_at_its_own_size(tmp_path: Path, jpeg: Callable[..., bytes]) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(1, width=60, height=40))
    found = examine("a.jpg", root=tmp_path)
    assert isinstance(found, Examined)
    assert (found.facts.width, found.facts.height) == (60, 40)


def test_a_broken_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    found = examine("a.jpg", root=tmp_path)
    assert isinstance(found, Fault)
    assert found.reason == Reason.IMAGE_UNREADABLE
