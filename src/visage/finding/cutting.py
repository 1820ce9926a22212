"""From a photo and a face in it to the square that a model sees.

`ingest` and prediction share these lines, because a model is only right about faces that are cut
out like those that it was trained on. The square lies by the eyes and the mouth; its scale is made
of two distances, one across and one down, so that it stands where the head is turned aside or nods.
Without a margin it is UTKFace's crop, from above the brows to the chin. What lies beyond the
photo's edge is black, as a letterbox's bars are.
"""

import math
from typing import Final

import cv2
import numpy as np

from visage.files.jpeg import Image
from visage.finding.box import Box
from visage.finding.find import FoundFace, Point

# Measured on UTKFace: docs/experiments, 2026-11-22-face-detectors.md.
SIDE: Final = 1.793  # of the square without a margin, in spans
EYES_TO_MIDDLE: Final = 0.3755  # from between the eyes down to the square's middle, in spans
LEVEL: Final = math.radians(0.5)  # a smaller turn would blur more than it mends


def cut_face(image: Image, face: FoundFace, *, margin: float, aligned: bool) -> Image:
    """Returns the square around a face, in the photo's own resolution.

    Args:
        image: the photo, RGB.
        face: in the photo's pixels.
        margin: share of the face's square that is added on each side.
        aligned: turn the photo about the face until it is upright.
    """
    angle = roll(face) if aligned else 0.0
    area = square_of(face, margin=margin, angle=angle)
    return _cut_turned(image, area, angle) if abs(angle) > LEVEL else cut(image, area)


def square_of(face: FoundFace, *, margin: float, angle: float = 0.0) -> Box:
    """Returns the square of a face that leans by `angle`, before the photo is turned about it."""
    eyes, mouth = _middle(face.eyes), _middle(face.mouth)
    span = math.hypot(math.dist(*face.eyes), math.dist(eyes, mouth))
    down = EYES_TO_MIDDLE * span
    x, y = eyes[0] - down * math.sin(angle), eyes[1] + down * math.cos(angle)
    half = SIDE * span * (0.5 + margin)
    return Box(x - half, y - half, x + half, y + half)


def roll(face: FoundFace) -> float:
    """Returns by how much a face leans, radians; positive: clockwise.

    From the eyes' line and the way to the mouth together, as FFHQ's (Karras, Laine & Aila, CVPR
    2019): one of the two is short where the head is turned or nods.
    """
    (x0, y0), (x1, y1) = face.eyes
    (eyes_x, eyes_y), (mouth_x, mouth_y) = _middle(face.eyes), _middle(face.mouth)
    return math.atan2((y1 - y0) - (mouth_x - eyes_x), (x1 - x0) + (mouth_y - eyes_y))


def cut(image: Image, area: Box) -> Image:
    """Returns what lies in `area`, to whole pixels, black beyond the edges; at least one pixel."""
    side_x, side_y = max(1, round(area.width)), max(1, round(area.height))
    x0, y0 = round(area.x0), round(area.y0)
    inner = image[max(0, y0) : max(0, y0 + side_y), max(0, x0) : max(0, x0 + side_x)]
    out = np.zeros((side_y, side_x, 3), np.uint8)
    top, left = max(0, -y0), max(0, -x0)
    out[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return out


def middle_square(width: float, height: float) -> Box:
    """Returns the largest square in the middle of a photo of this size."""
    half = min(width, height) / 2
    return Box(width / 2 - half, height / 2 - half, width / 2 + half, height / 2 + half)


def _middle(points: tuple[Point, Point]) -> Point:
    (x0, y0), (x1, y1) = points
    return (x0 + x1) / 2, (y0 + y1) / 2


def _cut_turned(image: Image, area: Box, angle: float) -> Image:
    side = max(1, round(area.width))
    x, y = area.centre
    across, down, half = math.cos(angle), math.sin(angle), (side - 1) / 2
    # From a pixel of the square to the photo's, turned about the middle. Boxes count from a pixel's
    # edge, OpenCV from its middle.
    to_photo = np.array(
        [
            [across, -down, x - 0.5 - half * across + half * down],
            [down, across, y - 0.5 - half * down - half * across],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    turned = cv2.warpAffine(image, to_photo, (side, side), flags=flags)
    return turned.astype(np.uint8, copy=False)
