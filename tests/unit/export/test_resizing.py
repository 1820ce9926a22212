"""Tensor arithmetic against OpenCV: the same pixels, but for a grey level of rounding."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from visage.export.resizing import Resizing
from visage.preprocess.resize import letterbox, stretch

SIDES = st.integers(2, 150)


def both(height: int, width: int, *, size: int, bars: bool) -> tuple[np.ndarray, np.ndarray]:
    """Returns an image resized by OpenCV and by us."""
    coarse = np.random.default_rng(height * 1000 + width).integers(0, 256, (9, 7, 3))
    image = np.kron(coarse, np.ones((17, 22, 1)))[:height, :width].astype(np.uint8)
    expected = (letterbox if bars else stretch)(image, size=size)
    found = Resizing(size, letterbox=bars)(torch.from_numpy(image[None]))
    return expected.astype(int), found[0].permute(1, 2, 0).numpy()


@given(height=SIDES, width=SIDES, size=st.integers(8, 64), bars=st.booleans())
def test_pixels_are_those_of_opencv(height: int, width: int, size: int, bars: bool) -> None:
    # OpenCV skips pixels where one side shrinks and the other is stretched; we average.
    assume(bars or min(height, width) >= size or max(height, width) <= 2 * size)
    expected, found = both(height, width, size=size, bars=bars)
    assert np.abs(expected - found).max() <= 1


@pytest.mark.parametrize(("height", "width"), [(128, 128), (200, 120), (300, 301)])
def test_rounding_does_not_shift_the_grey(height: int, width: int) -> None:
    expected, found = both(height, width, size=112, bars=True)
    assert abs((expected - found).mean()) < 0.05


def test_an_image_of_the_right_size_is_left_as_it_is() -> None:
    expected, found = both(32, 32, size=32, bars=True)
    assert (expected == found).all()


def test_a_letterbox_has_black_bars() -> None:
    square = Resizing(32, letterbox=True)(torch.full((1, 40, 20, 3), 200, dtype=torch.uint8))
    assert (square[..., :8].max(), square[..., 8:24].min()) == (0, 200)
