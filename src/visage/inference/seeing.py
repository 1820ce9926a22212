"""The views of test-time augmentation: what the network sees of a face, and at which size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from torch import Tensor
from torchvision.transforms.v2 import functional

from visage.inference.sizes import side_of
from visage.inference.views.identity import view as as_it_is
from visage.registry import resolve

PACKAGE: Final = "visage.inference.views"


@dataclass(frozen=True)
class View:
    """A file of inference/views; `see`: of images (N, 3, S, S), grey levels, bytes or float."""

    name: str
    see: Callable[[Tensor], Tensor]


IDENTITY: Final = View("identity", as_it_is)


def views(names: Sequence[str]) -> tuple[View, ...]:
    """Returns the views of these names.

    Raises:
        UnknownMemberError: there is no such view.
    """
    return tuple(View(name, resolve(PACKAGE, name, "view", param="infer.views")) for name in names)


def pictures(faces: Tensor, by: Sequence[View], *, image_size: int) -> list[Tensor]:
    """Returns what each view sees, each (N, 3, S, S) of its own side S.

    Args:
        faces: (N, 3, G, G), G as `sizes.given_size` says for these views, or larger.
        by: the views.
        image_size: the model's.
    """
    sides = [side_of(view.name, image_size) for view in by]
    at = {side: at_side(faces, side) for side in dict.fromkeys(sides)}
    return [view.see(at[side]) for view, side in zip(by, sides, strict=True)]


def at_side(images: Tensor, side: int) -> Tensor:
    """Returns the images at a smaller side; within a factor of two, as `preprocess.resize`."""
    if images.shape[-1] == side:
        return images
    resized: Tensor = functional.resize(images.float(), [side, side], antialias=False)
    return resized
