"""Our own transforms against albumentations' and against what they claim."""

import albumentations as A  # noqa: N812
import numpy as np
import pytest

from visage.vision.augment import NOISE_STD
from visage.vision.transforms import STRIP, GaussNoise, ResizedCrop, normal_strip

QUANTILES = [0.02, 0.25, 0.5, 0.75, 0.98]
GREY = np.full((64, 64, 3), 128, np.uint8)
RAMP = np.repeat(np.arange(200, dtype=np.uint8)[None, :, None], 200, axis=0).repeat(3, axis=2)


def noises(transform: A.ImageOnlyTransform) -> np.ndarray:
    transform.set_random_seed(1)
    return np.stack([transform(image=GREY)["image"] for _ in range(400)]).astype(float) - 128


def test_noise_has_the_strengths_of_albumentations() -> None:
    ours = noises(GaussNoise(std_range=NOISE_STD, p=1.0)).std(axis=(1, 2, 3))
    share = tuple(std / 255 for std in NOISE_STD)
    theirs = noises(A.GaussNoise(std_range=share, p=1.0)).std(axis=(1, 2, 3))
    # albumentations cuts fractions off, which makes its noise about 0.35 levels weaker than asked.
    found = np.quantile(ours, QUANTILES) - 0.35
    assert found == pytest.approx(np.quantile(theirs, QUANTILES), abs=0.3)


def test_noise_has_the_strengths_asked_for() -> None:
    ours = noises(GaussNoise(std_range=NOISE_STD, p=1.0)).std(axis=(1, 2, 3))
    low, high = NOISE_STD
    assert ours.min() == pytest.approx(low, abs=0.2)
    assert ours.max() == pytest.approx(high, abs=0.2)
    assert ours.mean() == pytest.approx((low + high) / 2, abs=0.2)


def test_noise_is_normal_around_nothing() -> None:
    found = noises(GaussNoise(std_range=(5.0, 5.0), p=1.0))
    assert abs(found.mean()) < 0.05
    assert found.std() == pytest.approx((25 + 1 / 12) ** 0.5, rel=0.01)
    assert np.mean(np.abs(found) > 10.5) == pytest.approx(0.0357, abs=0.002)  # 2.1 sigma


def test_noise_of_neighbours_is_independent() -> None:
    found = noises(GaussNoise(std_range=(5.0, 5.0), p=1.0))
    pairs = [(found[:, 1:], found[:, :-1]), (found[:, :, 1:], found[:, :, :-1])]
    pairs.append((found[..., 0], found[..., 1]))
    for one, other in pairs:
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.01


def test_noise_of_two_images_differs() -> None:
    found = noises(GaussNoise(std_range=(5.0, 5.0), p=1.0))
    assert len({one.tobytes() for one in found}) == len(found)


def test_noise_is_clipped_not_wrapped() -> None:
    transform = GaussNoise(std_range=(5.0, 5.0), p=1.0)
    assert transform(image=np.full_like(GREY, 255))["image"].min() > 220
    assert transform(image=np.zeros_like(GREY))["image"].max() < 35


def test_image_longer_than_the_strip_has_noise_everywhere() -> None:
    image = np.full((700, 700, 3), 128, np.uint8)
    assert image.size > STRIP
    found = GaussNoise(std_range=(5.0, 5.0), p=1.0)(image=image)["image"]
    assert found[-50:].std() == pytest.approx(5, rel=0.05)


def test_strip_is_always_the_same() -> None:
    first = normal_strip(100).copy()
    normal_strip.cache_clear()
    np.testing.assert_array_equal(first, normal_strip(100))


def test_crops_have_the_area_and_ratio_asked_for() -> None:
    transform = ResizedCrop(area=(0.8, 1.0), ratio=(0.9, 1.1), p=1.0)
    transform.set_random_seed(1)
    drawn = [
        transform.get_params_dependent_on_data({"shape": (200, 200, 3)}, {}) for _ in range(500)
    ]
    areas = np.array([one["wide"] * one["high"] / 40_000 for one in drawn])
    ratios = np.array([one["wide"] / one["high"] for one in drawn])
    assert areas.min() > 0.79
    assert areas.max() <= 1
    assert areas.mean() == pytest.approx(0.9, abs=0.02)
    assert ratios.min() > 0.89
    assert ratios.max() < 1.12
    assert all(one["left"] + one["wide"] <= 200 for one in drawn)
    assert all(one["top"] + one["high"] <= 200 for one in drawn)


def test_crop_keeps_size_and_enlarges() -> None:
    transform = ResizedCrop(area=(0.25, 0.25), ratio=(1.0, 1.0), p=1.0)
    found = transform(image=RAMP)["image"]
    assert found.shape == RAMP.shape
    assert int(found[0, -1, 0]) - int(found[0, 0, 0]) == pytest.approx(100, abs=2)
