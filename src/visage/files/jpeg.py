"""An image as JPEG, as the store of checked images holds it, and back."""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]  # (H, W, 3), RGB


def encode(image: Image, *, jpeg_quality: int) -> bytes:
    """Returns the JPEG bytes of an RGB image."""
    done, content = cv2.imencode(
        ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, jpeg_quality]
    )
    assert done, "OpenCV encodes every uint8 image"
    return content.tobytes()


def decode(content: bytes) -> Image:
    """Returns the RGB image in JPEG bytes written by `encode`."""
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert image is not None, "the store holds checked images only"
    return image.astype(np.uint8, copy=False)
