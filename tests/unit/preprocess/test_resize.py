"""Resizing: squares, aspect kept or not, and the model's size."""

import numpy as np
import pytest

from visage.files.jpeg import Image
from visage.preprocess.resize import RULES, letterbox, stretch, to_model_size


def noise(width: int, height: int) -> Image:
    return np.random.default_rng(0).integers(1, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("width", "height"), [(200, 200), (300, 97), (1, 400), (7, 5), (1, 1)])
def test_every_shape_becomes_a_square(rule: str, width: int, height: int) -> None:
    square = RULES[rule](noise(width, height), size=64)
    assert (square.shape, square.dtype) == ((64, 64, 3), np.uint8)


@pytest.mark.parametrize(
    ("width", "height", "inner"),
    [(200, 100, (slice(16, 48), slice(0, 64))), (100, 200, (slice(0, 64), slice(16, 48)))],
)
def test_letterbox_centres_on_black_and_keeps_the_aspect(
    width: int, height: int, inner: tuple[slice, slice]
) -> None:
    square = letterbox(np.full((height, width, 3), 200, np.uint8), size=64)
    expected = np.zeros((64, 64, 3), np.uint8)
    expected[inner] = 200
    np.testing.assert_array_equal(square, expected)


def test_odd_padding_goes_below() -> None:
    square = letterbox(np.full((63, 64, 3), 200, np.uint8), size=64)
    assert square[:, 0, 0].tolist() == [200] * 63 + [0]


def test_stretch_leaves_no_border() -> None:
    assert stretch(noise(200, 50), size=64).min() > 0


def test_halving_averages_two_by_two() -> None:
    image = noise(128, 128)
    blocks = image.reshape(64, 2, 64, 2, 3).mean(axis=(1, 3))
    assert np.abs(to_model_size(image, size=64) - blocks).max() <= 0.5


def test_image_of_the_right_size_is_left_alone() -> None:
    image = noise(64, 64)
    assert all(resize(image, size=64) is image for resize in (stretch, to_model_size))


def test_square_letterbox_equals_stretch() -> None:
    image = noise(200, 200)
    np.testing.assert_array_equal(letterbox(image, size=64), stretch(image, size=64))


def test_model_size_of_no_square_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError):
        to_model_size(noise(64, 60), size=32)
