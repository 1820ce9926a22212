"""How the stored faces are cut out of their photos: what a prediction must do alike.

The pipeline knows it where it cuts the faces itself (data.align). What authors have cropped it
knows only if somebody has measured it: a source's module says it of its data set, and
`data.crop_margin` of any other. The margin is a share of the face's square, on each side
(finding/cutting.py).
"""

from dataclasses import dataclass
from typing import Any

from visage.params.data import Data


@dataclass(frozen=True, slots=True)
class Cropping:
    """margin: None: not known; aligned: whether the faces are upright."""

    margin: float | None = None
    aligned: bool = False

    def to_json(self, *, resize: str) -> dict[str, Any]:
        """Returns what stands in data/crop.json, and later in the model's specification."""
        return {"aligned": self.aligned, "margin": self.margin, "resize": resize}


UNKNOWN = Cropping()


def cropping(data: Data, *, published: Cropping) -> Cropping:
    """Returns how the stored faces are cut out.

    published: what the source says of its images. Published crops whose margin is measured are
    taken to be upright.
    """
    if data.crop_margin is None:
        return published
    return Cropping(margin=data.crop_margin, aligned=True)
