"""A rectangle in a photo: pixels of the photo as it is displayed, upright, from its upper left."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """From (x0, y0) to (x1, y1), which lies outside; it may reach over the photo's edges."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Pixels."""
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        """(x, y)."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def times(self, across: float, down: float) -> "Box":
        """Returns the same box in a photo that is so many times as wide and as high."""
        return Box(self.x0 * across, self.y0 * down, self.x1 * across, self.y1 * down)


def whole(width: float, height: float) -> Box:
    """Returns the box of all that a photo of this size shows."""
    return Box(0.0, 0.0, float(width), float(height))
