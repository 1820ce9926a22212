"""One resampling against the three that it stands for, by albumentations and OpenCV."""

from random import Random

import albumentations as A  # noqa: N812
import cv2
import numpy as np
import pytest

from visage.preprocess.resize import stretch, to_model_size
from visage.vision.geometry import Box, Crop, Geometry, Turn, Turned, look

RAMP = np.repeat(np.arange(200, dtype=np.uint8)[None, :, None], 200, axis=0).repeat(3, axis=2)
TURNS = [
    Turned(0.0),
    Turned(15.0),
    Turned(-8.0, 1.1),
    Turned(3.0, 0.9, 5 / 96, -3 / 96),
    Turned(-15.0, 1.0, -5 / 96, 5 / 96),
]


def picture(side: int) -> np.ndarray:
    """Returns smooth colours, in which interpolations agree."""
    coarse = np.random.default_rng(1).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)


def by_albumentations(image: np.ndarray, turned: Turned) -> np.ndarray:
    transform = A.Affine(
        translate_px={
            "x": (round(turned.right * len(image)),) * 2,
            "y": (round(turned.down * len(image)),) * 2,
        },
        scale=(turned.scale, turned.scale),
        rotate=(turned.degrees, turned.degrees),
        border_mode=cv2.BORDER_REFLECT_101,
        p=1.0,
    )
    return transform(image=image)["image"]


def difference(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.abs(one.astype(int) - other.astype(int))


@pytest.mark.parametrize("turned", TURNS)
def test_a_turn_is_that_of_albumentations(turned: Turned) -> None:
    image = np.random.default_rng(0).integers(0, 256, (96, 96, 3), dtype=np.uint8)
    ours = look(image, turned, None, size=96)
    assert difference(ours, by_albumentations(image, turned)).max() <= 2


@pytest.mark.parametrize("turned", TURNS)
def test_turn_and_shrink_in_one_are_those_one_after_the_other(turned: Turned) -> None:
    ours = look(picture(128), turned, None, size=96)
    theirs = by_albumentations(to_model_size(picture(128), size=96), turned)
    assert difference(ours, theirs).mean() < 0.7  # of 256 levels


@pytest.mark.parametrize("turned", TURNS)
def test_turn_and_crop_in_one_are_those_one_after_the_other(turned: Turned) -> None:
    ours = look(picture(96), turned, Box(5, 2, 88, 91), size=64)
    part = by_albumentations(picture(96), turned)[2:93, 5:93]
    assert difference(ours, stretch(part, size=64)).mean() < 0.7


def test_a_turn_from_far_larger_averages_first() -> None:
    board = np.indices((192, 192)).sum(axis=0) % 2 * 255
    board = board.astype(np.uint8)[..., None].repeat(3, axis=2)  # grey, seen from afar
    turn = Geometry(turn=Turn(chance=1.0, degrees=(10, 10)))
    assert turn(board, Random(1), size=48).std() < 5
    assert look(board, Turned(10.0), None, size=48).std() > 30


def test_without_a_turn_a_crop_is_cut_and_resized() -> None:
    found = look(RAMP, None, Box(50, 20, 100, 100), size=200)
    assert np.array_equal(found, stretch(RAMP[20:120, 50:150], size=200))
    assert int(found[0, -1, 0]) - int(found[0, 0, 0]) == pytest.approx(100, abs=2)


def test_nothing_to_do_gives_the_image_at_its_size() -> None:
    found = Geometry()(RAMP, Random(1), size=112)
    assert np.array_equal(found, to_model_size(RAMP, size=112))


def test_crops_have_the_area_and_ratio_asked_for() -> None:
    crop, rng = Crop(area=(0.8, 1.0), ratio=(0.9, 1.1)), Random(1)
    drawn = [crop.draw(rng, side=200) for _ in range(500)]
    areas = np.array([one.wide * one.high / 40_000 for one in drawn])
    ratios = np.array([one.wide / one.high for one in drawn])
    assert areas.min() > 0.79
    assert areas.max() <= 1
    assert areas.mean() == pytest.approx(0.9, abs=0.02)
    assert ratios.min() > 0.89
    assert ratios.max() < 1.12
    assert all(one.left + one.wide <= 200 for one in drawn)
    assert all(one.top + one.high <= 200 for one in drawn)


def test_turns_have_the_ranges_of_albumentations() -> None:
    turn = Turn(chance=1.0, degrees=(-15, 15), scale=(0.9, 1.1), shift=(-0.06, 0.06))
    drawn = [turn.draw(Random(number)) for number in range(2000)]
    facts = np.array([(one.degrees, one.scale, one.right, one.down) for one in drawn if one])
    assert len(facts) == 2000
    assert facts.min(axis=0) == pytest.approx([-15, 0.9, -0.06, -0.06], rel=0.01)
    assert facts.max(axis=0) == pytest.approx([15, 1.1, 0.06, 0.06], rel=0.01)
    assert facts.mean(axis=0) == pytest.approx([0, 1, 0, 0], abs=0.7)
    assert np.abs(np.corrcoef(facts.T) - np.eye(4)).max() < 0.08
