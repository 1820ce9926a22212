import numpy as np
import pytest
from numpy.typing import NDArray

from visage.vision.augment import augmentation


@pytest.fixture
def image() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)


@pytest.mark.parametrize("name", ["flip", "flip_crop", "seed"])
def test_the_result_follows_the_seed_alone(name: str, image: NDArray[np.uint8]) -> None:
    first, second = augmentation(name), augmentation(name)
    for seed in range(5, 0, -1):
        second(image, seed)  # what was drawn before must not matter
    results = [first(image, seed) for seed in range(1, 6)]
    again = [second(image, seed) for seed in range(1, 6)]
    assert all(np.array_equal(a, b) for a, b in zip(results, again, strict=True))
    assert len({result.tobytes() for result in results}) > 1


def test_flip_mirrors_half_of_the_images(image: NDArray[np.uint8]) -> None:
    flip = augmentation("flip")
    results = [flip(image, seed) for seed in range(200)]
    mirrored = [np.array_equal(result, image[:, ::-1]) for result in results]
    same = [np.array_equal(result, image) for result in results]
    assert all(a != b for a, b in zip(mirrored, same, strict=True))
    assert 70 <= sum(mirrored) <= 130


def test_the_transforms_are_drawn_apart(image: NDArray[np.uint8]) -> None:
    seed = augmentation("seed")
    results = [seed(image, number) for number in range(1000)]
    untouched = np.mean([np.array_equal(result, image) for result in results])
    mirrored = np.mean([np.array_equal(result, image[:, ::-1]) for result in results])
    expected = 0.5 * 0.5 * 0.5 * 0.7 * 0.8 * 0.8  # none of the six, or the flip alone
    assert untouched == pytest.approx(expected, abs=0.025)
    assert mirrored == pytest.approx(expected, abs=0.025)


def test_none_changes_nothing(image: NDArray[np.uint8]) -> None:
    assert augmentation("none")(image, 1) is image


def test_seed_keeps_shape_type_and_most_of_the_brightness(image: NDArray[np.uint8]) -> None:
    seed = augmentation("seed")
    results = np.stack([seed(image, number) for number in range(100)])
    assert results.shape == (100, 32, 32, 3)
    assert results.dtype == np.uint8
    assert abs(results.mean() - image.mean()) < 15


def test_seed_has_the_published_transforms() -> None:
    from visage.vision.augment import _transforms

    found = [(type(step).__name__, step.p) for step in _transforms()["seed"]]
    assert found == [
        ("HorizontalFlip", 0.5),
        ("Affine", 0.5),
        ("RandomBrightnessContrast", 0.5),
        ("HueSaturationValue", 0.3),
        ("GaussNoise", 0.2),
        ("Blur", 0.2),
    ]


def test_seed_has_the_published_ranges() -> None:
    from visage.vision.augment import _transforms

    _, affine, light, hue, noise, blur = _transforms()["seed"]
    assert affine.translate_percent == {"x": (-0.06, 0.06), "y": (-0.06, 0.06)}
    assert affine.scale == {"x": (0.9, 1.1), "y": (0.9, 1.1)}
    assert affine.rotate == (-15, 15)
    assert (light.brightness_limit, light.contrast_limit) == ((-0.2, 0.2), (-0.2, 0.2))
    assert (hue.hue_shift_limit, hue.sat_shift_limit) == ((-20, 20), (-30, 30))
    assert hue.val_shift_limit == (-20, 20)
    assert blur.blur_limit == (3, 7)
    grey = np.full((64, 64, 3), 128, np.uint8)
    noise.p = 1.0
    strengths = [float(np.std(noise(image=grey)["image"])) for _ in range(50)]
    assert 2.5 < min(strengths) < 4.5
    assert 6 < max(strengths) < 8
