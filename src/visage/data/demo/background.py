"""Paints what is behind a person: a wall in two colours of light, with blobs, stripes or grain."""

import cv2
import numpy as np
from numpy.typing import NDArray

from visage.data.demo.canvas import Image
from visage.data.demo.palette import WALLS, Colour, along, light, mix, shadow


def paint_background(size: int, *, rng: np.random.Generator) -> Image:
    """Returns a square picture of a background, out of focus."""
    wall = along(WALLS, float(rng.random()))
    one, other = light(wall, float(rng.uniform(0.1, 0.5))), shadow(wall, float(rng.uniform(0, 0.5)))
    small = _clouds(one, other, rng=rng)
    middling = np.clip(cv2.resize(small, (32, 32), interpolation=cv2.INTER_CUBIC), 0, 255)
    image: Image = cv2.resize(middling.astype(np.uint8), (size, size)).astype(np.uint8, copy=False)
    kind = rng.random()
    if kind < 0.3:
        _add_lights(image, wall, rng=rng)
    elif kind < 0.5:
        _add_stripes(image, shadow(wall, 0.7), rng=rng)
    return image


def _clouds(one: Colour, other: Colour, *, rng: np.random.Generator) -> NDArray[np.float32]:
    """Returns a coarse (8, 8, 3) mixture of two colours: a gradient with random patches."""
    across = np.linspace(-1, 1, 8)
    angle = rng.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * across[None, :] + np.sin(angle) * across[:, None]
    share = np.clip(0.5 + 0.4 * slope + rng.normal(0, 0.12, (8, 8)), 0, 1)[..., None]
    return np.asarray(np.array(one) * (1 - share) + np.array(other) * share, dtype=np.float32)


def _add_lights(image: Image, wall: Colour, *, rng: np.random.Generator) -> None:
    """Draws discs of light out of focus."""
    size = len(image)
    layer = image.copy()
    for x, y, radius, tint in rng.random((int(rng.integers(4, 10)), 4)):
        colour = mix(light(wall, 0.8), (255, 214, 150), tint)
        middle = (int(x * size), int(y * size))
        cv2.circle(layer, middle, int(size * (0.03 + 0.08 * radius)), colour, -1, cv2.LINE_AA)
    image[:] = cv2.addWeighted(layer, 0.5, image, 0.5, 0)


def _add_stripes(image: Image, colour: Colour, *, rng: np.random.Generator) -> None:
    """Draws the slats or tiles of a wall."""
    size = len(image)
    layer = image.copy()
    step, start = int(size * rng.uniform(0.1, 0.3)), int(size * rng.uniform(0, 0.2))
    width = max(1, int(size * rng.uniform(0.01, 0.04)))
    upright = rng.random() < 0.6
    for at in range(start, size, step):
        ends = ((at, 0), (at, size)) if upright else ((0, at), (size, at))
        cv2.line(layer, *ends, colour, width, cv2.LINE_AA)
    image[:] = cv2.addWeighted(layer, 0.55, image, 0.45, 0)
