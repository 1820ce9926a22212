"""The square around a face lies by its eyes and mouth."""

import math

import numpy as np
import pytest

from visage.finding.box import Box
from visage.finding.cutting import cut, cut_face, middle_square, roll, square_of
from visage.finding.find import FoundFace, Point

BOX = Box(0, 0, 1, 1)  # plays no part in where the square lies


def turned(point: Point, about: Point, angle: float) -> Point:
    x, y = point[0] - about[0], point[1] - about[1]
    across, down = math.cos(angle), math.sin(angle)
    return about[0] + x * across - y * down, about[1] + x * down + y * across


def face(*, leaning: float = 0.0, scale: float = 1.0) -> FoundFace:
    """A face whose eyes are 40 pixels apart about (100, 80), its mouth 40 below them."""
    points = [(80, 80), (120, 80), (85, 120), (115, 120)]
    about = (100.0, 100.0)
    eye, other, corner, last = (
        turned((about[0] + (x - 100) * scale, about[1] + (y - 100) * scale), about, leaning)
        for x, y in points
    )
    return FoundFace(BOX, (eye, other), (corner, last), 0.9)


def test_the_square_is_utkfaces_crop() -> None:
    square = square_of(face(), margin=0)
    assert square.width == square.height == pytest.approx(40 * math.sqrt(2) * 1.793)
    assert (80 - square.y0) / square.height == pytest.approx(0.2906, abs=0.001)
    assert square.centre[0] == pytest.approx(100)


def test_the_margin_is_added_on_each_side() -> None:
    tight, wide = square_of(face(), margin=0), square_of(face(), margin=0.25)
    assert wide.width == pytest.approx(1.5 * tight.width)
    assert wide.centre == pytest.approx(tight.centre)


def test_a_face_that_is_turned_aside_keeps_most_of_its_size() -> None:
    aside = FoundFace(BOX, ((95, 80), (105, 80)), ((97, 120), (103, 120)), 0.9)
    share = square_of(aside, margin=0).width / square_of(face(), margin=0).width
    assert 0.7 < share < 0.75  # the eyes alone would say a quarter


@pytest.mark.parametrize("degrees", [0, 12, -30, 90, 170])
def test_a_leaning_face_is_known_by_its_angle(degrees: float) -> None:
    assert math.degrees(roll(face(leaning=math.radians(degrees)))) == pytest.approx(degrees)


@pytest.mark.parametrize("degrees", [20, -35, 90])
def test_a_leaning_face_is_cut_out_upright(degrees: float) -> None:
    image = np.zeros((240, 240, 3), np.uint8)
    leaning = face(leaning=math.radians(degrees))
    for (x, y), colour in zip(leaning.eyes, ((255, 0, 0), (0, 255, 0)), strict=True):
        image[round(y) - 3 : round(y) + 4, round(x) - 3 : round(x) + 4] = colour
    out = cut_face(image, leaning, margin=0.2, aligned=True)
    red, green = (np.argwhere(out[..., channel] > 128).mean(axis=0) for channel in (0, 1))
    assert red[0] == pytest.approx(green[0], abs=1)  # level
    assert green[1] - red[1] == pytest.approx(40, abs=1)
    assert (red[1] + green[1]) / 2 == pytest.approx(out.shape[1] / 2, abs=1)


def test_unaligned_pixels_are_the_photos_own() -> None:
    image = np.random.default_rng(1).integers(0, 256, (240, 240, 3), dtype=np.uint8)
    square = square_of(face(), margin=0)
    x, y = round(square.x0), round(square.y0)
    out = cut_face(image, face(leaning=0.0), margin=0, aligned=False)
    assert np.array_equal(out, image[y : y + 101, x : x + 101])


def test_what_lies_beyond_the_photo_is_black() -> None:
    image = np.full((50, 50, 3), 200, np.uint8)
    out = cut(image, Box(-10, 40, 20, 70))
    assert out.shape == (30, 30, 3)
    assert (out[:10, 10:] == 200).all()
    assert out[10:].max() == out[:, :10].max() == 0


@pytest.mark.parametrize(
    "area", [Box(60, 0, 70, 10), Box(-30, -30, -5, -5), Box(3.2, 3.2, 3.3, 3.3)]
)
def test_an_area_beside_the_photo_or_smaller_than_a_pixel_is_an_image(area: Box) -> None:
    out = cut(np.full((50, 50, 3), 200, np.uint8), area)
    assert min(out.shape[:2]) >= 1


def test_the_middle_of_a_tall_photo() -> None:
    assert middle_square(30, 50) == Box(0, 10, 30, 40)
