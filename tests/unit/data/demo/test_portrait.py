from itertools import combinations

import numpy as np
import pytest

from visage.data.demo.portrait import Portrait, make_portrait
from visage.data.difference_hash import difference_hash


@pytest.fixture(scope="module")
def portraits() -> list[Portrait]:
    return [make_portrait(number, size=64, seed=7) for number in range(1, 221)]


def test_the_same_seed_and_number_give_the_same_face() -> None:
    one, other = (make_portrait(3, size=48, seed=7) for _ in range(2))
    assert one.person == other.person
    np.testing.assert_array_equal(one.image, other.image)


def test_another_seed_gives_another_person() -> None:
    assert make_portrait(3, size=48, seed=7).person != make_portrait(3, size=48, seed=8).person


def test_a_person_does_not_depend_on_the_size_of_the_picture() -> None:
    assert make_portrait(3, size=48, seed=7).person == make_portrait(3, size=96, seed=7).person


@pytest.mark.parametrize("size", [32, 64, 200])
def test_a_portrait_has_the_size_asked_for(size: int) -> None:
    image = make_portrait(1, size=size, seed=7).image
    assert (image.shape, image.dtype) == ((size, size, 3), np.uint8)


def test_no_two_faces_are_near_duplicates(portraits: list[Portrait]) -> None:
    hashes = [int(difference_hash(p.image), 16) for p in portraits]
    assert min((one ^ other).bit_count() for one, other in combinations(hashes, 2)) > 10


def test_no_picture_is_flat(portraits: list[Portrait]) -> None:
    assert min(p.image.std() for p in portraits) > 10


def test_middle_and_margin_differ(portraits: list[Portrait]) -> None:
    means = [(p.image[16:48, 16:48].mean((0, 1)), p.image[:6, :6].mean((0, 1))) for p in portraits]
    assert np.mean([np.abs(face - wall).max() > 15 for face, wall in means]) > 0.9
