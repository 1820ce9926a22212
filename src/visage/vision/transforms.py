"""Two transforms of our own, because albumentations' are slow or need the image's size beforehand.

Both draw from the generators that the pipeline hands them, as albumentations' own do.
"""

import math
from functools import lru_cache
from typing import Any

import albumentations as A  # noqa: N812 (the name that its users know)
import cv2
import numpy as np
from numpy.typing import NDArray

from visage.files.faces import Image

STRIP = 2**20  # values; 4 MB


class GaussNoise(A.ImageOnlyTransform):  # type: ignore[misc]
    """Adds normal noise, each pixel and channel by itself, its strength drawn for each image.

    The noise is a stretch of one long strip of normal values, which starts anywhere: drawing them
    anew cost the most of all augmentations (docs/experiments, 2026-11-22-ingest-in-processes.md).
    """

    def __init__(self, std_range: tuple[float, float], p: float) -> None:
        """Takes the range of the standard deviation, in grey levels."""
        super().__init__(p=p)
        self.std_range = std_range

    def get_params(self) -> dict[str, float]:
        """Returns the strength and where the stretch starts, as a share of what is possible."""
        return {"std": self.py_random.uniform(*self.std_range), "start": self.py_random.random()}

    def apply(self, img: Image, std: float, start: float, **_params: Any) -> Image:
        """Returns the image with the noise added, rounded and clipped."""
        strip = normal_strip(max(STRIP, 2 ** math.ceil(math.log2(2 * img.size))))
        first = int(start * (len(strip) - img.size))
        noise = strip[first : first + img.size].reshape(img.shape) * np.float32(std)
        return cv2.add(img, noise, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


class ResizedCrop(A.ImageOnlyTransform):  # type: ignore[misc]
    """Enlarges a random crop to the size of the image (Szegedy et al., CVPR 2015, section 6)."""

    def __init__(self, area: tuple[float, float], ratio: tuple[float, float], p: float) -> None:
        """Takes the ranges of the crop's share of the area and of its width by its height."""
        super().__init__(p=p)
        self.area = area
        self.ratio = ratio

    def get_params_dependent_on_data(
        self,
        params: dict[str, Any],
        data: dict[str, Any],  # noqa: ARG002 (albumentations' own name)
    ) -> dict[str, int]:
        """Returns the crop; the logarithm of its ratio is uniform; it is cut to the image."""
        height, width = params["shape"][:2]
        area = self.py_random.uniform(*self.area) * height * width
        ratio = math.exp(self.py_random.uniform(*(math.log(end) for end in self.ratio)))
        wide, high = (
            min(width, round((area * ratio) ** 0.5)),
            min(height, round((area / ratio) ** 0.5)),
        )
        return {
            "left": self.py_random.randint(0, width - wide),
            "top": self.py_random.randint(0, height - high),
            "wide": wide,
            "high": high,
        }

    def apply(self, img: Image, left: int, top: int, wide: int, high: int, **_params: Any) -> Image:
        """Returns the crop at the image's size."""
        crop = img[top : top + high, left : left + wide]
        size = (img.shape[1], img.shape[0])
        return cv2.resize(crop, size, interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)


@lru_cache(maxsize=2)
def normal_strip(length: int) -> NDArray[np.float32]:
    """Returns that many normal values, always the same."""
    return np.random.default_rng(0).standard_normal(length, np.float32)
