"""What test-time views are cut from: a part of the image, the image moved, the image made smaller.

(N, 3, S, S) grey levels in, bytes or float, float out: values between two levels stay as they
are. Beyond its edge the image is mirrored, as by the augmentations of training: a black frame would
be new to a model of full squares, and the bars of a letterbox stay black. Resizing does not
average, like `preprocess.resize` within a factor of two.
"""

from typing import Final

from torch import Tensor
from torchvision.transforms.v2 import functional

ZOOM: Final = 1.1  # times larger or smaller
SHIFT: Final = 0.05  # of the side


def part(images: Tensor, *, down: float, right: float) -> Tensor:
    """Returns a square part, ZOOM times enlarged to the size of the whole.

    Args:
        images: the whole.
        down: where the part lies, from 0 (at the top) to 1 (at the bottom).
        right: the same, from the left to the right.
    """
    side = images.shape[-1]
    inside = round(side / ZOOM)
    top, left = round(down * (side - inside)), round(right * (side - inside))
    enlarged: Tensor = functional.resized_crop(
        images.float(), top, left, inside, inside, [side, side], antialias=False
    )
    return enlarged


def moved(images: Tensor, *, down: int, right: int) -> Tensor:
    """Returns the images moved by SHIFT; down, right: -1, 0 or 1."""
    side = images.shape[-1]
    by = round(SHIFT * side)
    wide = functional.pad(images.float(), [by], padding_mode="reflect")
    cut: Tensor = functional.crop(wide, by - down * by, by - right * by, side, side)
    return cut


def smaller(images: Tensor) -> Tensor:
    """Returns the images made smaller by ZOOM, in the middle of what they mirror to."""
    side = images.shape[-1]
    inside = round(side / ZOOM)
    before = (side - inside) // 2
    after = side - inside - before
    small = functional.resize(images.float(), [inside, inside], antialias=False)
    framed: Tensor = functional.pad(small, [before, before, after, after], padding_mode="reflect")
    return framed
