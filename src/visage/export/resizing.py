"""The resizing of `preprocess.resize` as tensor arithmetic, for images of any size.

Both rules are linear along each axis: what a pixel of the square takes from each pixel of the
image is one row of a matrix, so the square is matrix x image x matrix. Sizes are read from the
tensor, a letterbox's bars are rows of zeros. Like OpenCV's, results are whole grey levels; they
differ from its fixed-point arithmetic by one at most (tests/unit/export/test_resizing.py).
"""

import torch
from torch import Tensor, nn

from visage.preprocess.resize import LINEAR_TO


class Resizing(nn.Module):
    """From RGB bytes (N, H, W, 3) to squares of bytes (N, 3, size, size)."""

    def __init__(self, size: int, *, letterbox: bool) -> None:
        super().__init__()
        self.size = size
        self.letterbox = letterbox

    def forward(self, images: Tensor) -> Tensor:
        """Returns the squares."""
        levels = images.permute(0, 3, 1, 2).contiguous()
        if not torch.compiler.is_exporting():
            return self._resized(levels)
        sides = torch.stack([_scalar(length) for length in levels.shape[2:]])
        fits: Tensor = torch.cond((sides == self.size).all(), self._same, self._resized, [levels])
        return fits

    def _same(self, levels: Tensor) -> Tensor:
        """Returns images that have the size already; the padding, of none, tells the exporter."""
        right, below = self.size - levels.shape[3], self.size - levels.shape[2]
        return nn.functional.pad(levels, (0, right, 0, below))

    def _resized(self, levels: Tensor) -> Tensor:
        height, width = levels.shape[2], levels.shape[3]
        sides = torch.stack([_scalar(height), _scalar(width)])
        inner = torch.full_like(sides, self.size)
        if self.letterbox:
            inner = (sides * (self.size / sides.max())).round().clamp(min=1)
        average = (sides / inner).max() > LINEAR_TO
        rows = self._taken(height, sides[0], inner[0], average)
        columns = self._taken(width, sides[1], inner[1], average)
        resized = torch.matmul(rows, torch.matmul(levels.float(), columns.transpose(0, 1)))
        return resized.round().to(torch.uint8)

    def _taken(self, length: int, side: Tensor, inner: Tensor, average: Tensor) -> Tensor:
        """Returns what each of `size` pixels takes of each of `length`, (size, length)."""
        factor = side / inner
        before = torch.floor((self.size - inner) / 2)
        place = torch.arange(self.size, dtype=torch.float64)[:, None] - before
        pixel = torch.arange(length, dtype=torch.float64)[None, :]
        start, end = place * factor, (place + 1) * factor
        covered = torch.minimum(end, pixel + 1) - torch.maximum(start, pixel)
        area = covered.clamp(min=0) / factor
        middle = ((place + 0.5) * factor - 0.5).clamp(min=0)
        linear = (1 - (torch.minimum(middle, side - 1) - pixel).abs()).clamp(min=0)
        inside = (place >= 0) & (place < inner)
        return torch.where(inside, torch.where(average, area, linear), 0.0).float()


def _scalar(length: int) -> Tensor:
    return torch.scalar_tensor(length, dtype=torch.float64)
