"""The photograph: pose before the drawing; light, blur, grain and JPEG after it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from visage.data.demo.canvas import Image


@dataclass(frozen=True)
class Pose:
    """How a head is placed; shifts in head units, the head turned by small amounts."""

    shift_x: float
    shift_y: float
    zoom: float
    roll: float  # radians
    turn: float  # sideways
    nod: float
    lit: float  # side from which the light comes, -1..1

    def frame(self, size: int) -> NDArray[np.float64]:
        """Returns the (2, 3) matrix that takes head units to the pixels of a square picture."""
        scale = size / 2.78 * self.zoom
        cos, sin = np.cos(self.roll) * scale, np.sin(self.roll) * scale
        turn = np.array([[cos, -sin], [sin, cos]])
        middle = np.array([size / 2, size / 2 - 0.03 * size])
        return np.column_stack([turn, middle + turn @ np.array([self.shift_x, self.shift_y])])


def sample_pose(rng: np.random.Generator) -> Pose:
    """Returns a loosely centred head."""
    shift = np.clip(rng.normal(0, 0.055, 2), -0.18, 0.18)
    return Pose(
        shift_x=float(shift[0]),
        shift_y=float(shift[1]),
        zoom=float(np.clip(np.exp(rng.normal(0.02, 0.055)), 0.85, 1.22)),
        roll=float(np.clip(rng.normal(0, 0.075), -0.26, 0.26)),
        turn=float(np.clip(rng.normal(0, 0.07), -0.17, 0.17)),
        nod=float(np.clip(rng.normal(0, 0.025), -0.06, 0.06)),
        lit=float(rng.choice([-1.0, 1.0]) * rng.uniform(0.4, 1.0)),
    )


def photograph(drawing: Image, *, size: int, rng: np.random.Generator) -> Image:
    """Returns the drawing as a photo of `size` pixels: toned, blurred, grainy."""
    picture = cv2.resize(drawing, (size, size), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.03:
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        picture = cv2.merge([grey, grey, grey])
    picture = _toned(picture.astype(np.uint8), rng=rng)
    sigma = float(rng.gamma(1.5, 0.25)) * size / 96
    if sigma > 0.25:
        picture = cv2.GaussianBlur(picture, (0, 0), min(sigma, 0.014 * size)).astype(np.uint8)
    grain = rng.standard_normal(picture.shape, dtype=np.float32) * np.float32(rng.uniform(1.5, 6.5))
    return np.clip(np.rint(picture + grain), 0, 255).astype(np.uint8)


def _toned(picture: Image, *, rng: np.random.Generator) -> Image:
    """Returns the picture with its brightness, contrast and white balance changed."""
    gamma, gain = np.exp(rng.normal(0, 0.13)), np.exp(rng.normal(0, 0.08))
    cast = np.exp(rng.normal(0, 0.02, 3))
    level = np.linspace(0, 1, 256)[:, None] ** gamma
    table = 255 * np.clip(0.5 + (level - 0.5) * gain * cast + rng.normal(0, 0.04), 0, 1)
    return np.asarray(cv2.LUT(picture, np.rint(table).astype(np.uint8)[None]), dtype=np.uint8)
