"""JPEG of an image and back."""

import numpy as np

from visage.files.jpeg import decode, encode


def test_colours_survive_encoding_in_their_order() -> None:
    image = np.full((32, 32, 3), (200, 100, 20), np.uint8)
    decoded = decode(encode(image, jpeg_quality=95))
    assert np.abs(decoded.astype(int) - image).max() <= 3
