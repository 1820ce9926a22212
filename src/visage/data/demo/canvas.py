"""A picture in progress that is addressed in head units and drawn with OpenCV.

Opaque shapes go straight onto the picture; transparent and soft ones are blended in their own
bounding box only, which is what keeps a face at a few milliseconds. Anti-aliasing comes twice:
from OpenCV's lines and from the supersampling of whoever scales the picture down.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from visage.data.demo.curves import Points
from visage.data.demo.palette import Colour

Image = NDArray[np.uint8]  # (H, W, 3), RGB
Mask = NDArray[np.uint8]  # (H, W), 0..255
Fixed = NDArray[np.int32]  # (..., 2), pixels times 2 to the power of _SHIFT
Box = tuple[slice, slice]  # rows, columns

_SHIFT = 4  # OpenCV takes coordinates as integers with so many fractional bits
_DISC_SIZE = 48


def _soft_disc() -> NDArray[np.float32]:
    """Returns a disc whose weight falls smoothly from 1 in the middle to 0 at the rim."""
    across = np.linspace(-1, 1, _DISC_SIZE, dtype=np.float32)
    inside = np.clip(1 - across[:, None] ** 2 - across[None, :] ** 2, 0, 1)
    return np.asarray(inside * inside * (3 - 2 * inside), dtype=np.float32)


_DISC = _soft_disc()
_CORNERS = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


class Canvas:
    """An image, and the affine frame (2, 3) that takes head units to its pixels."""

    def __init__(self, image: Image, frame: NDArray[np.float64]) -> None:
        self.image = image
        self._frame = frame
        self._fixed_turn = np.ascontiguousarray(frame[:, :2].T) * (1 << _SHIFT)
        self._fixed_offset = frame[:, 2] * (1 << _SHIFT) + 0.5  # rounds when cut to integers
        self._scale = float(np.sqrt(abs(np.linalg.det(frame[:, :2]))))  # pixels a head unit

    def moved(self, dx: float, dy: float, *, squeeze: float = 1.0) -> "Canvas":
        """Returns the same image with the frame shifted, and its x axis scaled, in head units."""
        turn = self._frame[:, :2]
        offset = turn @ np.array([dx, dy]) + self._frame[:, 2]
        return Canvas(self.image, np.column_stack([turn[:, 0] * squeeze, turn[:, 1], offset]))

    def mask(self, outline: Points) -> Mask:
        """Returns the area of a closed outline, for `clip`."""
        area: Mask = np.zeros(self.image.shape[:2], np.uint8)
        cv2.fillPoly(area, [self._fixed(outline)], 255, cv2.LINE_AA, _SHIFT)
        return area

    def fill(
        self, outline: Points, colour: Colour, *, alpha: float = 1.0, clip: Mask | None = None
    ) -> None:
        """Fills a closed outline; `clip` limits it to an area."""
        self.fill_all([outline], colour, alpha=alpha, clip=clip)

    def fill_all(
        self,
        outlines: Points | Sequence[Points],
        colour: Colour,
        *,
        alpha: float = 1.0,
        clip: Mask | None = None,
    ) -> None:
        """Fills closed outlines in one go, so that overlaps are not darker than the rest.

        Here and in `lines`, shapes have equally many points: (shapes, points, 2).
        """
        shapes = self._fixed(np.asarray(outlines))
        if alpha >= 1 and clip is None:
            _fill_each(self.image, shapes, colour)
            return
        box, corner = self._box(shapes)
        layer = self.image[box].copy()
        _fill_each(layer, shapes - corner, colour)
        self._lay(layer, box, alpha=alpha, clip=clip)

    def lines(
        self,
        lines: Points | Sequence[Points],
        colour: Colour,
        *,
        width: float,
        alpha: float = 1.0,
    ) -> None:
        """Draws open lines of one width (head units) and one colour; none is no error."""
        if not len(lines):
            return
        shapes = self._fixed(np.asarray(lines))
        thickness = max(1, round(width * self._scale))
        box, corner = self._box(shapes, margin=thickness)
        layer = self.image[box].copy()
        cv2.polylines(layer, list(shapes - corner), False, colour, thickness, cv2.LINE_AA, _SHIFT)
        self._lay(layer, box, alpha=alpha, clip=None)

    def glow(
        self,
        centre: tuple[float, float],
        radii: tuple[float, float],
        colour: Colour,
        *,
        alpha: float,
        clip: Mask | None = None,
    ) -> None:
        """Blends in a soft ellipse that fades towards its rim."""
        box, _ = self._box(self._fixed(_CORNERS * radii + centre))
        under = self.image[box]
        turn = self._frame[:, :2] * radii
        middle = self._frame[:, :2] @ centre + self._frame[:, 2]
        placed = np.empty((2, 3))
        placed[:, :2] = turn * (2 / (_DISC_SIZE - 1))
        placed[:, 2] = middle - (box[1].start, box[0].start) - turn.sum(axis=1)
        size = (under.shape[1], under.shape[0])
        weight = cv2.warpAffine(_DISC, placed, size) * np.float32(alpha)
        if clip is not None:
            weight *= clip[box] > 127
        paint = np.empty_like(under)
        cv2.rectangle(paint, (0, 0), size, colour, cv2.FILLED)  # six times as fast as NumPy here
        under[:] = cv2.blendLinear(paint, under, weight, 1 - weight)

    def _fixed(self, points: Points) -> Fixed:
        """Returns pixels as OpenCV's fixed-point integers."""
        return (points @ self._fixed_turn + self._fixed_offset).astype(np.int32)

    def _box(self, shapes: Fixed, *, margin: int = 1) -> tuple[Box, Fixed]:
        """Returns the pixels that shapes reach, at least one, and their corner as fixed point."""
        x, y, w, h = cv2.boundingRect(shapes.reshape(-1, 2))
        height, width = self.image.shape[:2]
        left = min(max((x >> _SHIFT) - margin, 0), width - 1)
        top = min(max((y >> _SHIFT) - margin, 0), height - 1)
        right = max(min(((x + w) >> _SHIFT) + margin + 2, width), left + 1)
        bottom = max(min(((y + h) >> _SHIFT) + margin + 2, height), top + 1)
        corner = np.array([left << _SHIFT, top << _SHIFT], np.int32)
        return (slice(top, bottom), slice(left, right)), corner

    def _lay(self, layer: Image, box: Box, *, alpha: float, clip: Mask | None) -> None:
        """Puts a layer, drawn over a copy of the box, back with its transparency."""
        under = self.image[box]
        if alpha < 1:
            layer = cv2.addWeighted(layer, alpha, under, 1 - alpha, 0).astype(np.uint8, copy=False)
        if clip is None:
            under[:] = layer
        else:
            np.copyto(under, layer, where=clip[box][..., None] > 127)


def _fill_each(image: Image, shapes: Fixed, colour: Colour) -> None:
    """Fills outlines one by one: together, OpenCV would leave their overlaps empty."""
    for shape in shapes:
        cv2.fillPoly(image, [shape], colour, cv2.LINE_AA, _SHIFT)
