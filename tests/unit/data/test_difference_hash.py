"""The difference hash: the same bits as imagehash gives, whatever the image's shape."""

import imagehash
import numpy as np
import PIL.Image
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from visage.data.difference_hash import DENSE_SIDE, difference_hash


def noise(width: int, height: int, *, seed: int, block: int) -> np.ndarray:
    """Returns blocks of random colours, full range: the overshoot of Lanczos must be clipped."""
    shape = (height // block + 1, width // block + 1, 3)
    coarse = np.random.default_rng(seed).integers(0, 2 if block > 1 else 256, shape, dtype=np.uint8)
    fine = np.kron(coarse * (255 if block > 1 else 1), np.ones((block, block, 1), np.uint8))
    return np.ascontiguousarray(fine[:height, :width])


@given(st.integers(1, 260), st.integers(1, 260), st.integers(0, 999), st.sampled_from([1, 5, 40]))
@example(1, 1, 0, 1)
@example(17, 16, 0, 1)
@example(200, 200, 0, 1)
@settings(max_examples=150)
def test_hash_is_that_of_imagehash(width: int, height: int, seed: int, block: int) -> None:
    image = noise(width, height, seed=seed, block=block)
    reference = imagehash.dhash(PIL.Image.fromarray(image), hash_size=16)
    assert difference_hash(image) == str(reference)


@pytest.mark.parametrize("width", [DENSE_SIDE - 1, DENSE_SIDE, DENSE_SIDE + 1])
def test_hash_of_large_images_is_that_of_imagehash(width: int) -> None:
    image = noise(width, 700, seed=1, block=5)
    reference = imagehash.dhash(PIL.Image.fromarray(image), hash_size=16)
    assert difference_hash(image) == str(reference)


@pytest.mark.parametrize("shape", [(300, 200), (17, 16), (1000, 3)])
def test_hash_of_tall_images_is_that_of_imagehash(shape: tuple[int, int]) -> None:
    image = noise(shape[1], shape[0], seed=1, block=1)
    reference = imagehash.dhash(PIL.Image.fromarray(image), hash_size=16)
    assert difference_hash(image) == str(reference)
