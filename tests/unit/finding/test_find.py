"""Faces are found in real photos, where they are, and nowhere else."""

from pathlib import Path

import cv2
import matplotlib.cbook
import numpy as np
import pytest
import sklearn.datasets

from visage.files.hashes import sha256_file
from visage.files.jpeg import Image
from visage.finding.aligning import aligner
from visage.finding.box import Box
from visage.finding.find import finder
from visage.finding.finders.yunet import WEIGHTS
from visage.preprocess.resize import stretch
from visage.registry import UnknownMemberError


def read(path: Path | str) -> Image:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    assert image is not None
    return image.astype(np.uint8, copy=False)


@pytest.fixture(scope="module")
def hopper() -> Image:
    """A photo of 512 x 600 pixels with one face; its places were measured by eye."""
    return read(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))


@pytest.fixture(scope="module")
def landscape() -> Image:
    path = Path(sklearn.datasets.__file__).with_name("images") / "china.jpg"
    return read(path)


@pytest.fixture(scope="module")
def crops(shared: Path) -> list[Image]:
    """Sixty of UTKFace's crops."""
    paths = sorted((shared / "utkface").glob("*.jpg"))
    return [read(path) for path in paths[:: len(paths) // 60][:60]]


def test_the_weights_are_the_published_ones() -> None:
    published = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
    assert sha256_file(WEIGHTS) == published  # OpenCV Zoo's own pointer to the file


def test_the_face_of_a_photo_is_found_where_it_is(hopper: Image) -> None:
    (face,) = finder()(hopper)
    assert np.allclose(face.eyes, [(222, 188), (307, 187)], atol=12)
    assert np.allclose(face.mouth, [(232, 280), (308, 277)], atol=13)
    assert 165 < face.box.x0 < 200
    assert 330 < face.box.x1 < 375
    assert face.score > 0.8


@pytest.mark.parametrize("side", [96, 200, 1200, 2400])
def test_a_face_is_found_at_any_size_of_the_photo(hopper: Image, side: int) -> None:
    (face,) = finder()(stretch(hopper[44:556], size=side))
    assert np.allclose(np.array(face.eyes) * 512 / side, [(222, 144), (307, 143)], atol=12)


def test_nothing_is_found_where_nobody_is(landscape: Image) -> None:
    assert finder()(landscape) == []


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 900, 3), (2000, 3, 3)])
def test_a_strip_has_no_face(shape: tuple[int, int, int]) -> None:
    assert finder()(np.full(shape, 128, np.uint8)) == []


def test_the_same_photo_gives_the_same_faces(hopper: Image) -> None:
    assert finder()(hopper) == finder()(hopper)


def test_every_face_of_a_group_is_found_in_its_place(crops: list[Image], landscape: Image) -> None:
    photo, places = group(crops, stretch(landscape, size=1280))
    found = finder()(photo)
    centres = [face.box.centre for face in found]
    hits = [sum(inside(centre, place) for centre in centres) for place in places]
    assert len(places) == 36
    assert hits == [1] * 36
    assert len(found) == 36


def group(crops: list[Image], photo: Image) -> tuple[Image, list[Box]]:
    """Pastes crops of 60 to 180 pixels into a photo, 213 pixels apart; returns their places."""
    rng, photo, places = np.random.default_rng(5), photo.copy(), []
    for number in range(36):
        size = int(rng.integers(60, 181))
        x, y = 213 * (number % 6) + 8, 213 * (number // 6) + 8
        photo[y : y + size, x : x + size] = stretch(crops[number], size=size)
        places.append(Box(x, y, x + size, y + size))
    return photo, places


def inside(point: tuple[float, float], place: Box) -> bool:
    """Whether a point lies in the middle three fifths of a place."""
    (x, y), (across, down) = point, place.centre
    return abs(x - across) < 0.3 * place.width and abs(y - down) < 0.3 * place.height


def test_utkfaces_crops_are_what_is_cut_out_without_a_margin(crops: list[Image]) -> None:
    """The registry's statement of UTKFace's margin: what is cut from a crop is that crop."""
    align = aligner("yunet", margin=0.0)
    assert align is not None
    sides = [out.shape[0] / 200 for crop in crops if (out := align(crop)) is not None]
    assert len(sides) == 60
    assert np.median(sides) == pytest.approx(1.0, abs=0.03)


def test_the_largest_face_is_the_one_that_is_cut_out(hopper: Image) -> None:
    photo = np.zeros((600, 900, 3), np.uint8)
    photo[:, :512] = hopper
    photo[:300, 600:856] = stretch(hopper[44:556], size=512)[:300, :256]
    photo[:256, 600:856] = stretch(hopper[44:556], size=256)
    align = aligner("yunet", margin=0.1)
    assert align is not None
    assert len(finder()(photo)) == 2
    largest, alone = align(photo), align(hopper)
    assert largest is not None
    assert alone is not None
    assert largest.shape[0] == pytest.approx(alone.shape[0], abs=8)


def test_no_face_is_none_and_no_finder_is_no_aligner(landscape: Image) -> None:
    align = aligner("yunet", margin=0.1)
    assert align is not None
    assert align(landscape) is None
    assert aligner(None, margin=None) is None


def test_a_misspelt_finder_is_named_with_its_parameter() -> None:
    with pytest.raises(UnknownMemberError, match=r"data.align: there is no 'yunnet'; did you mean"):
        aligner("yunnet", margin=0.1)
