"""At which size a view sees a face: known by the view's name, so without torch.

A face comes to the views at the largest size that one of them asks for. Most see it at the model's;
a view whose name begins with `finer` sees it larger, with more of the stored image's pixels. In
training faces are cut and enlarged at random, so larger test images are more like those (Touvron et
al. 2019, "Fixing the train-test resolution discrepancy").
"""

from collections.abc import Iterable
from typing import Final

FINER: Final = 9 / 8  # times the model's side; docs/experiments, 2026-11-28-utkface-cpu-final.md


def side_of(view: str, *, image_size: int) -> int:
    """Returns the side of what a view sees, pixels; image_size: the model's."""
    return round(FINER * image_size) if view.startswith("finer") else image_size


def given_size(views: Iterable[str], *, image_size: int) -> int:
    """Returns the side of the faces that views of these names must be given, pixels."""
    return max((side_of(view, image_size=image_size) for view in views), default=image_size)
