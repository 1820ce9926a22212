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

    def times(self, factor: float) -> "Box":
        """Returns the same box in a photo that is `factor` times as large."""
        return Box(self.x0 * factor, self.y0 * factor, self.x1 * factor, self.y1 * factor)


def whole(width: float, height: float) -> Box:
    """Returns the box of all that a photo of this size shows."""
    return Box(0.0, 0.0, float(width), float(height))
