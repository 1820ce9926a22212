import numpy as np
import pytest

from visage.explain.reading import PICTURE_PIXELS, agreement, overlay, photo, strongest
from visage.files.jpeg import decode

RISING = np.arange(9, dtype=np.float32).reshape(3, 3)


def fine(found: np.ndarray) -> np.ndarray:
    return np.kron(found, np.ones((8, 8), np.float32))


@pytest.mark.parametrize(("factor", "expected"), [(1, 1.0), (-1, -1.0)])
def test_maps_of_two_sizes_agree_by_the_order_of_their_fields(factor: int, expected: float) -> None:
    assert agreement(RISING, fine(factor * RISING**3)) == expected


def test_few_fields_or_an_even_map_tell_of_no_agreement() -> None:
    assert agreement(RISING[:2, :2], fine(RISING)) is None
    assert agreement(np.zeros((3, 3), np.float32), fine(RISING)) is None
    assert agreement(RISING, np.zeros((24, 24), np.float32)) is None


@pytest.mark.parametrize(
    ("row", "column", "words"), [(0, 0, "upper left"), (2, 2, "middle"), (4, 2, "lower middle")]
)
def test_the_strongest_place_has_a_name_whatever_its_sign(
    row: int, column: int, words: str
) -> None:
    found = np.zeros((5, 5), np.float32)
    found[row, column] = -3
    assert strongest(found) == words


def test_an_even_map_has_no_strongest_place() -> None:
    assert strongest(np.ones((4, 4), np.float32)) == ""


GREY = np.full((40, 40, 3), 128, np.uint8)


def test_what_raises_is_red_what_lowers_is_blue_and_the_rest_is_the_face() -> None:
    found = np.zeros((8, 8), np.float32)
    found[:, 0], found[:, 7] = 2, -1
    picture = decode(overlay(GREY, found)).astype(int)
    red, blue, middle = picture[64, 2], picture[64, -3], picture[64, 64]
    assert red[0] > red[2] + 60
    assert blue[2] > blue[0] + 30
    assert np.abs(middle - 128).max() <= 3


def test_a_map_of_zeros_leaves_the_face_in_grey() -> None:
    coloured = GREY.copy()
    coloured[..., 0] = 200
    picture = decode(overlay(coloured, np.zeros((3, 3), np.float32))).astype(int)
    assert np.ptp(picture, axis=2).max() <= 2


def test_pictures_have_one_size_and_the_same_bytes_each_time() -> None:
    assert decode(photo(GREY)).shape == (PICTURE_PIXELS, PICTURE_PIXELS, 3)
    assert overlay(GREY, RISING) == overlay(GREY, RISING)
