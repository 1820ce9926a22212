"""The difference hash: signs of neighbouring averages, steady where a photo is only reworked."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visage.data.difference_hash import difference_hash
from visage.files.jpeg import Image


@given(st.integers(1, 8), st.integers(0, 999))
def test_bits_say_where_an_average_is_above_its_left_neighbour(times: int, seed: int) -> None:
    means = np.random.default_rng(seed).integers(0, 256, (16, 17), dtype=np.uint8)
    image = np.repeat(np.kron(means, np.ones((times, times), np.uint8))[..., None], 3, axis=2)
    bits = means[:, 1:].astype(int) > means[:, :-1].astype(int)
    assert difference_hash(image) == np.packbits(bits).tobytes().hex()


@pytest.mark.parametrize("shape", [(1, 1), (16, 17), (300, 200), (700, 3), (3, 1500)])
def test_images_of_any_shape_have_a_hash(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert len(bytes.fromhex(difference_hash(image))) == 32


def changed(image: np.ndarray, how: str) -> np.ndarray:
    if how == "smaller":
        return cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    if how == "darker":
        return (image * 0.9).astype(np.uint8)
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], 1)


@pytest.mark.parametrize("how", ["smaller", "darker", "compressed"])
def test_a_reworked_photo_stays_a_near_duplicate(picture: Callable[..., Image], how: str) -> None:
    distances = []
    for seed in range(8):
        image = picture(seed, width=160, height=160)
        hashes = (difference_hash(image), difference_hash(changed(image, how)))
        first, second = (int(digits, 16) for digits in hashes)
        distances.append((first ^ second).bit_count())
    assert max(distances) <= 10
