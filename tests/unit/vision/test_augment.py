from random import Random
from typing import get_args

import albumentations as A  # noqa: N812
import cv2
import numpy as np
import pytest
from benchmarks.plain_augmentation import PLAIN
from numpy.typing import NDArray

from visage.params.train import Augment
from visage.vision.augment import SETS, Augmentation, augmentation
from visage.vision.geometry import Geometry, Turn
from visage.vision.transforms import Blur, Colour, Light


@pytest.fixture
def image() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)


@pytest.mark.parametrize("name", ["flip", "flip_crop", "face", "seed"])
def test_the_result_follows_the_seed_alone(name: str, image: NDArray[np.uint8]) -> None:
    first, second = augmentation(name), augmentation(name)
    for seed in range(5, 0, -1):
        second(image, seed, size=32)  # what was drawn before must not matter
    results = [first(image, seed, size=32) for seed in range(1, 6)]
    again = [second(image, seed, size=32) for seed in range(1, 6)]
    assert all(np.array_equal(a, b) for a, b in zip(results, again, strict=True))
    assert len({result.tobytes() for result in results}) > 1


def test_flip_mirrors_half_of_the_images(image: NDArray[np.uint8]) -> None:
    flip = augmentation("flip")
    results = [flip(image, seed, size=32) for seed in range(200)]
    mirrored = [np.array_equal(result, image[:, ::-1]) for result in results]
    same = [np.array_equal(result, image) for result in results]
    assert all(a != b for a, b in zip(mirrored, same, strict=True))
    assert 70 <= sum(mirrored) <= 130


def test_the_transforms_are_drawn_apart(image: NDArray[np.uint8]) -> None:
    seed = augmentation("seed")
    results = [seed(image, number, size=32) for number in range(1000)]
    untouched = np.mean([np.array_equal(result, image) for result in results])
    mirrored = np.mean([np.array_equal(result, image[:, ::-1]) for result in results])
    expected = 0.5 * 0.5 * 0.5 * 0.7 * 0.8 * 0.8  # none of the six, or the flip alone
    assert untouched == pytest.approx(expected, abs=0.025)
    assert mirrored == pytest.approx(expected, abs=0.025)


def test_none_changes_nothing(image: NDArray[np.uint8]) -> None:
    assert augmentation("none")(image, 1, size=32) is image


def test_seed_keeps_shape_type_and_most_of_the_brightness(image: NDArray[np.uint8]) -> None:
    seed = augmentation("seed")
    results = np.stack([seed(image, number, size=32) for number in range(100)])
    assert results.shape == (100, 32, 32, 3)
    assert results.dtype == np.uint8
    assert abs(results.mean() - image.mean()) < 15


def test_seed_has_the_published_transforms() -> None:
    seed = augmentation("seed")
    assert seed.geometry == Geometry(0.5, Turn(0.5, (-15, 15), (0.9, 1.1), (-0.06, 0.06)))
    found = [(type(change).__name__, change.chance) for change in seed.changes]
    assert found == [("Light", 0.5), ("Colour", 0.3), ("Noise", 0.2), ("Blur", 0.2)]


def test_seed_has_the_published_ranges() -> None:
    light, colour, noise, blur = augmentation("seed").changes
    theirs = A.RandomBrightnessContrast()
    assert light == Light(0.5, theirs.brightness_limit, theirs.contrast_limit)
    hue = A.HueSaturationValue()
    assert colour == Colour(0.3, hue.hue_shift_limit, hue.sat_shift_limit, hue.val_shift_limit)
    assert blur == Blur(0.2, (3, 5, 7))
    assert A.Blur().blur_limit == (3, 7)
    grey = np.full((64, 64, 3), 128, np.uint8)
    strengths = [float(np.std(noise(grey, Random(number)))) for number in range(50)]
    assert 2.5 < min(strengths) < 4.5
    assert 6 < max(strengths) < 8


@pytest.mark.parametrize("name", ["none", "flip", "flip_crop", "face", "seed"])
def test_every_set_comes_at_the_size_asked_for(name: str, image: NDArray[np.uint8]) -> None:
    augment = augmentation(name, erase=0.5)
    results = [augment(image, seed, size=size) for seed in range(20) for size in (12, 24, 32)]
    assert {result.shape for result in results} == {(12, 12, 3), (24, 24, 3), (32, 32, 3)}
    assert {result.dtype for result in results} == {np.dtype(np.uint8)}


def test_half_of_the_images_are_erased_where_that_is_asked_for(image: NDArray[np.uint8]) -> None:
    erase = augmentation("none", erase=0.5)
    changed = [not np.array_equal(erase(image, seed, size=32), image) for seed in range(200)]
    assert 70 <= sum(changed) <= 130


def test_a_tenth_of_the_faces_is_grey(image: NDArray[np.uint8]) -> None:
    face = augmentation("face")
    spread = [np.ptp(face(image, seed, size=32), axis=2).max() for seed in range(300)]
    assert 15 <= spread.count(0) <= 50


@pytest.mark.parametrize("name", ["flip_crop", "face", "seed"])
def test_the_whole_recipe_changes_images_as_albumentations_does(name: str) -> None:
    """The mean image and the spread about it, over many seeds, both of the image or its mirror."""
    coarse = np.random.default_rng(5).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    image = cv2.resize(coarse, (40, 40), interpolation=cv2.INTER_CUBIC)
    ours = np.stack([augmentation(name)(image, seed, size=40) for seed in range(1500)])
    pipeline = A.Compose(PLAIN[name](40))
    pipeline.set_random_state(np.random.default_rng(0), Random(0))
    theirs = np.stack([pipeline(image=image)["image"] for _ in range(1500)])
    ours, theirs = (np.concatenate([one, one[:, :, ::-1]]) for one in (ours, theirs))
    assert np.abs(ours.mean(axis=0) - theirs.mean(axis=0)).mean() < 2  # of 256 levels
    assert np.abs(ours.std(axis=0) - theirs.std(axis=0)).mean() < 2


def test_params_may_name_every_set_and_no_other() -> None:
    assert set(get_args(Augment)) == set(SETS)


@pytest.mark.parametrize("name", SETS)
def test_a_seed_tells_whether_it_shows_the_mirror_image(
    name: str, image: NDArray[np.uint8]
) -> None:
    found = augmentation(name)
    plain = Augmentation(Geometry(found.geometry.flip))
    told = [found.flips(seed) for seed in range(20)]
    seen = [np.array_equal(plain(image, seed, size=32), image[:, ::-1]) for seed in range(20)]
    assert told == seen
