import cv2
import numpy as np
import pytest
from scipy import ndimage

from visage.data.check_image import SHARPNESS_SIDE, quality
from visage.data.luminance import grey, measure, sharpness
from visage.files.jpeg import Image


@pytest.fixture
def photo() -> Image:
    """Fine noise, of the size at which a data set's check measures."""
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (SHARPNESS_SIDE, SHARPNESS_SIDE, 3)).astype(np.uint8)


def test_brightness_is_the_mean_luminance(photo: Image) -> None:
    assert measure(grey(np.full((40, 60, 3), 90, np.uint8))).brightness == 90
    expected = (photo.astype(np.float64) @ np.array([0.299, 0.587, 0.114])).mean()
    assert measure(grey(photo)).brightness == pytest.approx(expected, abs=0.05)


def test_sharpness_is_the_variance_of_the_laplacian(photo: Image) -> None:
    laplacian = ndimage.laplace(grey(photo).astype(np.float64), mode="mirror")
    assert sharpness(grey(photo)) == pytest.approx(laplacian.var(), rel=1e-9)


def test_a_blurred_face_is_less_sharp_and_as_bright(photo: Image) -> None:
    soft = cv2.GaussianBlur(photo, (0, 0), 3).astype(np.uint8)
    before, after = measure(grey(photo)), measure(grey(soft))
    assert after.sharpness < before.sharpness / 20
    assert after.brightness == pytest.approx(before.brightness, abs=1)


def test_the_check_of_a_data_set_measures_the_same(photo: Image) -> None:
    found, expected = quality(photo), measure(grey(photo))
    assert (found.sharpness, found.contrast) == (expected.sharpness, expected.contrast)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 40, 3), (40, 1, 3)])
def test_a_picture_of_one_row_has_its_figures(shape: tuple[int, ...]) -> None:
    found = measure(grey(np.full(shape, 7, np.uint8)))
    assert (found.brightness, found.sharpness) == (7, 0)
