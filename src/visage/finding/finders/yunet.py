"""YuNet (Wu, Peng & Yu, Machine Intelligence Research 2023), run by OpenCV: no further package.

The weights beside this file are OpenCV Zoo's, MIT licence (LICENSE-yunet). YuNet has learnt faces
of 10 to 300 pixels, so it looks at the photo in squares of several sizes: the small one for a face
that fills the photo, the large one for the faces of a group. The sizes are fixed because OpenCV
plans the network anew for each size, which takes ten times as long as a run. Measured:
docs/experiments, 2026-11-22-face-detectors.md.
"""

import threading
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from cv2.utils.logging import LOG_LEVEL_SILENT, getLogLevel, setLogLevel
from numpy.typing import NDArray

from visage.files.jpeg import Image
from visage.finding.box import Box
from visage.finding.find import FoundFace
from visage.preprocess.resize import letterbox, placed_inside

WEIGHTS: Final = Path(__file__).with_name("face_detection_yunet_2023mar.onnx")
SIDES: Final = (320, 640, 1280)  # pixels, of the squares in which faces are sought
MIN_SCORE: Final = 0.6
MAX_OVERLAP: Final = 0.3  # intersection over union, in one square; more is one face
MAX_COVERED: Final = 0.5  # of the smaller box, over all squares: a part of a face is no face
MAX_CANDIDATES: Final = 5000

Rows = NDArray[np.float32]  # (N, 15): x, y, width, height, five points (x, y), score

_threads = threading.local()  # a detector keeps its input's buffers: each thread has its own


def find(image: Image) -> list[FoundFace]:
    """Returns the faces in an RGB image, the surest first."""
    longest = max(image.shape[:2])
    # A photo is not enlarged to the next size but where it is smaller than the first two.
    sides = [side for side in SIDES if side <= max(longest, SIDES[1])]
    rows = np.concatenate([_rows(image, side) for side in sides])
    kept: list[FoundFace] = []
    for row in rows[np.argsort(-rows[:, 14], kind="stable")]:
        face = _face(row)
        if all(_covered(face.box, other.box) <= MAX_COVERED for other in kept):
            kept.append(face)
    return kept


def _covered(one: Box, other: Box) -> float:
    """Returns the area that two boxes share, as a share of the smaller one's."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    smaller = min(one.width * one.height, other.width * other.height)
    return max(width, 0.0) * max(height, 0.0) / smaller if smaller > 0 else 0.0


def _rows(image: Image, side: int) -> Rows:
    """Returns what is found in a square of `side`, in the image's own pixels."""
    square = cv2.cvtColor(letterbox(image, size=side), cv2.COLOR_RGB2BGR)
    _, found = _detector(side).detect(square)
    if found is None:
        return np.zeros((0, 15), np.float32)
    rows: Rows = found.copy()
    inside = placed_inside(*image.shape[:2], size=side)
    rows[:, [0, 4, 6, 8, 10, 12]] -= inside.left
    rows[:, [1, 5, 7, 9, 11, 13]] -= inside.top
    rows[:, :14] /= side / max(image.shape[:2])
    return rows


def _detector(side: int) -> Any:
    detectors = _threads.__dict__.setdefault("detectors", {})
    if side not in detectors:
        level = getLogLevel()
        setLogLevel(LOG_LEVEL_SILENT)  # OpenCV 5 says that it will choose its target by itself
        detectors[side] = cv2.FaceDetectorYN.create(
            str(WEIGHTS), "", (side, side), MIN_SCORE, MAX_OVERLAP, MAX_CANDIDATES
        )
        setLogLevel(level)
    return detectors[side]


def _face(row: Rows) -> FoundFace:
    x, y, width, height, *points, score = (float(value) for value in row)
    # YuNet's "right" is the person's own: the side further left in an upright face.
    right_eye, left_eye, _, right_corner, left_corner = zip(points[::2], points[1::2], strict=True)
    return FoundFace(
        box=Box(x, y, x + width, y + height),
        eyes=(right_eye, left_eye),
        mouth=(right_corner, left_corner),
        score=score,
    )
