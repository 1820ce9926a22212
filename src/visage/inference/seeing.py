"""The views of test-time augmentation: what the network sees of a face, and at which size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from torch import Tensor
from torchvision.transforms.v2 import functional

from visage.errors import VisageError
from visage.inference.sizes import side_of
from visage.inference.views.identity import view as as_it_is
from visage.models.network import Network
from visage.registry import resolve

PACKAGE: Final = "visage.inference.views"


class SizeError(VisageError):
    """A network takes images of one size, and a view is of another."""


@dataclass(frozen=True)
class View:
    """A file of inference/views; `see`: of images (N, 3, S, S), grey levels, bytes or float."""

    name: str
    see: Callable[[Tensor], Tensor]

    def side(self, image_size: int) -> int:
        """Returns the side S that it sees, pixels; image_size: the model's."""
        return side_of(self.name, image_size=image_size)


IDENTITY: Final = View("identity", as_it_is)


def views(names: Sequence[str]) -> tuple[View, ...]:
    """Returns the views of these names.

    Raises:
        UnknownMemberError: there is no such view.
    """
    return tuple(View(name, resolve(PACKAGE, name, "view", param="infer.views")) for name in names)


def refuse_sizes(network: Network, seen: Sequence[View]) -> None:
    """Lets the network see an image of each view's size, where that is not its own.

    Raises:
        SizeError: it can't.
    """
    own = network.spec.image_size
    wanted = {view.side(own): view.name for view in seen}
    for side, name in wanted.items():
        error = None if side == own else network.size_error(side)
        if error is not None:
            raise SizeError(
                f"infer.views: {name} sees faces of {side} pixels, and this backbone takes {own} "
                f"alone ({error}); leave the finer views out"
            ) from error


def pictures(faces: Tensor, by: Sequence[View], *, image_size: int) -> list[Tensor]:
    """Returns what each view sees, each (N, 3, S, S) of its own side S.

    Args:
        faces: (N, 3, G, G), G as `sizes.given_size` says for these views, or larger.
        by: the views.
        image_size: the model's.
    """
    at = {side: at_side(faces, side=side) for side in {view.side(image_size) for view in by}}
    return [view.see(at[view.side(image_size)]) for view in by]


def at_side(images: Tensor, *, side: int) -> Tensor:
    """Returns the images made smaller to that side by the bilinear rule of `preprocess.resize`."""
    assert images.shape[-1] >= side, f"faces of {images.shape[-1]} pixels, {side} are wanted"
    if images.shape[-1] == side:
        return images
    resized: Tensor = functional.resize(images.float(), [side, side], antialias=False)
    return resized
